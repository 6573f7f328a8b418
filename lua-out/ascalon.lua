-- ascalon 0.1.0: generated from src/wezterm and src/shared, do not edit.
local K,m,F,u=pcall,ipairs,tostring,type
local s=require("wezterm")local function N(self,q,A)if q==nil or q~=q then
q=0
end
if A~=A then
A=0
end
if q>=0 then
q=q+1
end
if A~=nil and A<0 then
A=A-1
end
return string.sub(self,q,A)end
local function dZ(g)return u(g)=="table"and(g[1]~=nil or next(g)==nil)end
local function aF(self,aS)if aS~=aS then
aS=0
end
if aS<0 then
return 0/0
end
return string.byte(self,aS+1)or 0/0
end
local function av(self,dI,aV)if aV==nil or aV<0 then
aV=0
end
return string.sub(self,aV+1,#dI+aV)==dI
end
local a={}a.q=1
a.J={plugin="wezterm/plugin.json",bundle="wezterm/ascalon.lua",status="status.json",socket="sock/mux.sock"}a.au="ascalon"a.aE="ascalon-proxy"a.i={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}a.o={"attach","detach","new_tab","new_local_tab","menu","docs"}a.B=function(I)return"ascalon.cli."..I end
a.r=function(v)return s.action.EmitEvent(v)end
function a.e(g)return u(g)=="table"and g~=nil and g~=nil and g or({})end
function a.b(g)return u(g)=="string"and g or nil
end
function a.f(g)return u(g)=="number"and math.floor(g)or nil
end
function a.k(g,eJ)local bj={}if u(g)~="table"or g==nil or not dZ(g)then
return bj
end
for k,bS in m(g)do
local dk=eJ(bS)if dk~=nil then
bj[#bj+1]=dk
end
end
return bj
end
function a.t(g,eV,bM)for k,G in m(eV)do
if G==g then
return G
end
end
return bM
end
do
local du,dq
function du(g)local c=a.e(g)local e=a.b(c.host)local W=a.b(c.guest)if e==nil or W==nil then
return nil
end
return{host=e,guest=W}end
function dq(g)local c=a.e(g)local I=a.b(c.id)local bf=a.b(c.brief)if I==nil or bf==nil then
return nil
end
return{id=I,brief=bf,doc=a.b(c.doc)or"",icon=a.b(c.icon)or"md_server",argv=a.k(c.argv,a.b),runs=a.t(c.runs,{"tab","silent"},"tab")}end
function a.R(aY)return{contract=a.q,ascalon="",cli={},statusPath=aY.."/"..a.J.status,domain=a.au,socketPath=aY.."/"..a.J.socket,proxyDomain=a.aE,proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette={},docsUrl=""}end
function a.aF(g,U)local c=a.e(g)return{contract=a.f(c.contract)or 0,ascalon=a.b(c.ascalon)or"",cli=a.k(c.cli,a.b),statusPath=a.b(c.statusPath)or U.statusPath,domain=a.b(c.domain)or U.domain,socketPath=a.b(c.socketPath)or U.socketPath,proxyDomain=a.b(c.proxyDomain)or U.proxyDomain,proxyCommand=a.k(c.proxyCommand,a.b),attach=a.t(c.attach,{"key","startup"},U.attach),key=a.b(c.key)or U.key,mounts=a.k(c.mounts,du),palette=a.k(c.palette,dq),docsUrl=a.b(c.docsUrl)or U.docsUrl}end
function a.ar(ae,el)if ae==a.q then
return nil
end
local dS="The plugin speaks contract "..F(a.q)..", ascalon "..el.." contract "..F(ae)return ae<a.q and dS..": upgrade ascalon."or dS..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
end
function a.ab(w)local bN=io.open(w,"r")if bN==nil then
return nil
end
local i=bN:read(65536)bN:close()return i
end
function a.aa(i)local n,g=K(s.json_parse,i)if n then
return g
end
return nil
end
function a.m(i,J)return(string.find(i,J,nil,true)or 0)-1
end
function a.n(i,bZ)local aU={}local x=i
do
local ax=a.m(x,bZ)while ax>=0 do
aU[#aU+1]=N(x,0,ax)x=N(x,ax+#bZ)ax=a.m(x,bZ)end
end
aU[#aU+1]=x
return aU
end
function a.g(i)s.log_warn("ascalon: "..i)end
function a.v(eR,t)local i=F(t)if a.m(i,"not found")>=0 then
a.g(i)else
s.log_error("ascalon: "..eR..": "..i)end
end
do
local dG
function dG(ab,bq)local dc=math.min(#ab,#bq)local q=0
while q<dc and aF(ab,q)==aF(bq,q)do
q=q+1
end
local A=0
while q+A<dc and aF(ab,#ab-1-A)==aF(bq,#bq-1-A)do
A=A+1
end
return q+A
end
function a.aB(f,en)for k,bI in m(en)do
local cY=math.max(#f,#bI)if cY-dG(f,bI)<=2 and cY>3 then
return bI
end
end
return nil
end
end
do
local dt,V,cQ
function dt(D)if D==false then
return{open=false,notify=false,attach=false}end
local c=a.e(D)a.L(c,{"attach","notify","open"},"messages.")return{open=V(c,"open",true),notify=V(c,"notify",true),attach=V(c,"attach",true)}end
function V(c,f,bM)local g=c[f]if u(g)=="boolean"then
return g
end
if g~=nil then
a.g(f.." is true or false")end
return bM
end
function a.L(c,aa,aW)for f in pairs(c)do
if not cQ(f,aa)then
local de=a.aB(f,aa)a.g("unknown option "..aW..f..(de==nil and""or"; did you mean "..aW..de.."?"))end
end
end
function cQ(f,aa)for k,eG in m(aa)do
if eG==f then
return true
end
end
return false
end
local eD={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.ac(D)if D~=nil and u(D)~="table"then
a.g("the options must be a table")end
local c=a.e(D)a.L(c,eD,"")local S=c.attach
if S~=nil and S~="key"and S~="startup"then
a.g("attach is \"key\" or \"startup\"")end
local ep=u(c.cli)=="string"and({c.cli})or a.k(c.cli,a.b)local eb=a.b(c.plugin_json)local ec=ep
local bz
if c.keys==false then
bz=false
else
bz=a.e(c.keys)end
return{plugin_json=eb,cli=ec,keys=bz,attach=(S=="key"or S=="startup")and S or nil,palette=V(c,"palette",false),status=c.status=="always"and"always"or V(c,"status",false),notifications=V(c,"notifications",true),reattach=V(c,"reattach",true),keep_local_tab=V(c,"keep_local_tab",true),same_place=V(c,"same_place",true),messages=dt(c.messages)}end
end
function a.ai()local bW=os.getenv("XDG_STATE_HOME")local aw=bW
return(aw and av(bW,"/")and bW or s.home_dir.."/.local/state").."/ascalon"end
a.a={c=a.ac(nil),b=a.R(a.ai()),k={},n=nil,q=nil}function a.s(f)return f==a.a.b.domain or f==a.a.b.proxyDomain
end
do
local aY=a.ai
function a.aA(as)local w=as.plugin_json or aY().."/"..a.J.plugin
s.add_to_config_reload_watch_list(w)local U=a.R(aY())local i=a.ab(w)local g=a.aa(i or"")if i~=nil and u(g)~="table"then
a.g(w.." is damaged")end
a.a.b=u(g)=="table"and a.aF(g,U)or U
a.a.k=#as.cli>0 and as.cli or a.a.b.cli
a.a.n=a.ar(a.a.b.contract,a.a.b.ascalon)if a.a.n~=nil then
a.g(a.a.n)end
end
end
do
local bF
function bF(af,l)for k,aa in m(af)do
if aa.name==l.name then
if aa.socket_path~=l.socket_path then
a.g("unix_domains already has "..l.name.."; it is left as it is")end
return
end
end
af[#af+1]=l
end
function a.an(T,ae)local af={}for k,l in m(T.unix_domains or({{name="unix"}}))do
af[#af+1]=l
end
bF(af,{name=ae.domain,socket_path=ae.socketPath,no_serve_automatically=true})if#ae.proxyCommand>0 then
bF(af,{name=ae.proxyDomain,proxy_command=ae.proxyCommand,no_serve_automatically=true})end
T.unix_domains=af
end
end
do
local cA
function cA(X,W)if X<W then
return"Install a newer WezTerm here (macOS: brew install --cask wezterm@nightly) and start it again, or pin the VM's to this one."end
return"Update the VM's WezTerm: update the flake's nixpkgs input, then run ascalon rebuild."end
function a.aq(X,W)if X==nil or W==nil then
return{verdict="unknown"}end
if X.codec==W.codec then
return{verdict="equal"}end
return{verdict="different",sentence="WezTerm here is "..X.version.." (codec "..F(X.codec)..") and the VM's is "..W.version.." (codec "..F(W.codec).."); WezTerm attaches only to its own codec.",fix=cA(X.codec,W.codec)}end
end
a.K={"absent","stopped","starting","running","stopping","broken","unknown"}a.az={"off","waiting","up","broken","healing"}function a.x(h,j)if j>h.nextWriteBy then
return j-h.nextWriteBy
end
if h.writtenAt>j+60 then
return h.writtenAt-j
end
return 0
end
function a.u(h,f)for k,r in m(h.links)do
if r.name==f then
return r
end
end
return nil
end
do
local dW,cF,cE,cD,cL,cK,be
function dW(z)if not z.w then
return a.j(a.P,{"Run this once in a terminal: ascalon wezterm install"},{})end
if not z.p then
return{a="ask"}end
return a.j("ascalon gives no answer about the VM.",{"ascalon doctor tells what is wrong."},{"doctor"})end
function cF(h,ak)local eg=h
local aM=eg.vm
if aM.state=="absent"then
return{a="start",sentence="There is no VM yet: making it."}end
if aM.state=="stopped"then
return{a="start",sentence="The VM is stopped: starting it."}end
if aM.state=="starting"then
return{a="start",sentence="The VM is starting: waiting for it."}end
if aM.state=="stopping"then
return{a="start",sentence="The VM is stopping: starting it again."}end
if aM.state=="broken"then
return a.j("The VM is broken"..be(aM.reason)..".",{"ascalon up repairs it."},{"up","doctor"})end
return cE(h,ak)end
function cE(h,ak)if h.mux.hijacked==true then
return a.j("Another WezTerm server has taken the VM's socket.",{(h.mux.exe or"It").." answers at "..h.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local r=a.u(h,"mux")if r==nil or r.state=="off"then
return{a="start",sentence="The VM runs without a link to WezTerm: making it."}end
if r.state=="waiting"or r.state=="healing"then
return{a="wait",sentence="The link to the VM is being made"..be(r.reason).."."}end
if r.state=="broken"then
return a.j("The link to the VM is broken"..be(r.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return cD(h,ak)end
function cD(h,ak)local O=ak==nil and h.codec or a.aq(cL(h,ak),cK(h))if O.verdict~="different"then
return{a="attach"}end
return a.j(a.al,{O.sentence or"",O.fix or""},{"rebuild","doctor"})end
function cL(h,bn)for k,X in m(h.gui)do
if X.pid==bn then
return X
end
end
return nil
end
function cK(h)local cr=h.mux
local aR=cr.codec
local eQ=cr.version
if aR==nil then
return nil
end
return{codec=aR,version=eQ or"of unknown version"}end
function be(am)return(am==nil or am=="")and""or": "..am
end
a.j=function(bQ,al,eF)return{a="explain",m=bQ,t=al,u=eF}end
a.al="WezTerm here and in the VM speak different versions."a.P="The plugin does not know where ascalon is."function a.as(z)if z.o then
return{a="busy"}end
if z.domain=="unregistered"then
return a.j("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
if z.domain=="attached"then
return{a=z.y and"focus"or"spawn"}end
local h=z.status
if h==nil or a.x(h,z.now)>0 and not z.p then
return dW(z)end
return cF(h,z.x)end
end
do
local cN,aI,ao
function cN(i)if aI(i,"failed to connect to Socket")then
return"Nothing listens at the VM's socket."end
if aI(i,"Timed out while parsing")then
return"The VM accepts the connection and does not answer."end
if aI(i,"EOF while reading")or aI(i,"os error 104")or aI(i,"Internal channel was closed")then
return"The link is open and the VM's WezTerm server does not answer behind it."end
return"WezTerm could not attach to the VM."end
function a.av(eI)local i=ao(eI,"\nstack traceback:")local k,dK,aL=table.unpack(a.n(i,"(codec version "),1,3)if dK~=nil and aL~=nil then
local o="Codec "..ao(aL,")").." here and "..ao(dK,")").." in the VM; WezTerm attaches only to its own codec."return a.j(a.al,{o},{"rebuild","doctor"})end
return a.j(cN(i),{string.sub(ao(i,"\n"),1,200)},{"doctor","heal"})end
aI=function(i,J)return a.m(i,J)>=0 end
ao=function(i,J)return a.n(i,J)[1]or""end
end
do
local bP,bb
function bP(v,Y)return function(b,d,et,eL)local n,t=K(Y,bb,b,d,et,eL)if n then
return
end
a.v(v,t)a.p(bb,"ascalon.error",b,d,{event=v,message=F(t)})end
end
function a.p(e,v,b,d,er)local n,t=K(e.emit,v,b,d,er)if not n then
a.g("a handler of "..v..": "..F(t))end
end
bb=s
function a.l(v,Y)s.on(v,bP(v,Y))end
function a.ap(v,Y)return s.action_callback(bP(v,Y))end
function a.H(v,aN)s.time.call_after(0.01,function()local n,t=K(aN,bb)if not n then
a.v(v,t)end
end)end
end
function a.d(f)local g=s.GLOBAL["ascalon_"..f]return u(g)=="number"and g or 0
end
function a.c(f,g)s.GLOBAL["ascalon_"..f]=g
end
do
local eO=10
local ap={text=""}function a.h(b,i)s.log_info("ascalon: "..i)ap.text=i
a.c("notice_until",os.time()+eO)if a.a.c.notifications then
K(function()return b:toast_notification("ascalon",i,nil,5000)end)end
end
function a.V()return ap.text
end
end
do
local cR,dX
function a.ag(b,d,bQ,B)local cs=a.a.q
if cs==nil then
return
end
local eM=s.action.InputSelector({title="ascalon",description=bQ,choices=B,action=cs})b:perform_action(eM,d)end
function cR(ac)if ac=="proxy"then
return#a.a.b.proxyCommand>0
end
return#a.a.k>0
end
function dX(i,eS)local al={}local o=""for k,G in m(a.n(i," "))do
if o~=""and#o+1+#G>eS then
al[#al+1]=o
o=G
else
o=o==""and G or o.." "..G
end
end
if o~=""then
al[#al+1]=o
end
return al
end
function a.ah(b,d,ay)a.h(b,ay.m)local B={}for k,ac in m(ay.u)do
if cR(ac)then
B[#B+1]={label=ac=="proxy"and"Attach over ssh instead"or"Run ascalon "..ac,id=ac}end
end
for k,o in m(ay.t)do
for k,J in m(dX(o,76))do
B[#B+1]={label=J,id=""}end
end
B[#B+1]={label="Close",id=""}a.ag(b,d,ay.m,B)end
function a.aK(eo)a.a.q=a.ap("ascalon.chosen",function(e,b,d,I)if I~=nil and I~=""then
eo(e,b,d,I)end
end)end
function a.aD()if a.a.b.docsUrl~=""then
s.open_with(a.a.b.docsUrl)end
end
end
function a.D(d)local n,f=K(function()return d:get_domain_name()end)return n and f or nil
end
function a.E(eT,ez)for k,b in m(eT)do
for k,dR in m(b:tabs())do
for k,d in m(dR:panes())do
local l=a.D(d)if l~=nil and ez(l)then
return{window=b,tab=dR,pane=d}end
end
end
end
return nil
end
do
a.aP={ask=20,attach=90,spawn=10}local eA=10
function a.G(j)local bO=j-a.d("seen_at")if bO<0 or bO>eA then
a.c("busy_until",a.d("busy_until")+bO)end
a.c("seen_at",j)return a.d("busy_until")>j
end
function a.A(j,aJ)local M=a.d("ticket")+1
a.c("ticket",M)a.c("busy_until",j+aJ)a.c("seen_at",j)return M
end
function a.T(M)return a.d("ticket")==M
end
function a.F(M)if a.T(M)then
a.c("busy_until",0)end
end
end
do
function a.X(w)local bk={}local x=w
while x~=""do
local bg=(string.find(x,"/",nil,true)or 0)-1
local J=bg==-1 and x or N(x,0,bg)x=bg==-1 and""or N(x,bg+1)if J==".."then
table.remove(bk)elseif J~=""and J~="."then
bk[#bk+1]=J
end
end
return"/"..table.concat(bk,"/")end
local function cz(ah,w)if ah=="/"then
return w=="/"and""or w
end
if w==ah then
return""end
local q=ah.."/"return N(w,0,#q)==q and N(w,#ah)or nil
end
local function df(w,ar,aX)local ai
for k,aq in m(ar)do
do
if cz(aq[aX],w)==nil then
goto eh
end
if ai==nil or#aq[aX]>#ai[aX]then
ai=aq
end
end::eh::end
return ai
end
local function cZ(w,ar,c,bs)local dh=a.X(w)local aq=df(dh,ar,c)if aq==nil then
return nil
end
local da=a.X(aq[bs]..(cz(aq[c],dh)or""))local cC=df(da,ar,bs)return cC~=nil and cC[bs]==aq[bs]and da or nil
end
function a.aU(ex,ar)return cZ(ex,ar,"host","guest")end
function a.aV(eu,ar)return cZ(eu,ar,"guest","host")end
end
do
local bX,cH,cI,bR
function bX(d,aX)local l=a.D(d)if not a.a.c.same_place or l==nil then
return nil
end
local aj=a.s(l)if not aj and l~="local"then
return nil
end
local ah=cH(d,aj)if ah==nil or aj==(aX=="vm")then
return ah
end
local bv
if aj then
bv=a.aV(ah,a.a.b.mounts)else
bv=a.aU(ah,a.a.b.mounts)end
return bv
end
function cH(d,aj)local n,au=K(function()return d:get_current_working_dir()end)if not n or au==nil then
return nil
end
if u(au)=="string"then
return cI(au,aj)end
return(aj or bR(au.host or""))and au.file_path or nil
end
function cI(au,aj)if not av(au,"file://")then
return nil
end
local x=string.sub(au,8)local ca=a.m(x,"/")if ca<0 then
return nil
end
return(aj or bR(N(x,0,ca)))and N(x,ca)or nil
end
function bR(e)return e==""or e=="localhost"or e==s.hostname()end
function a.W(b,d,l)b:mux_window():spawn_tab({domain={DomainName=l},cwd=bX(d,"vm")})end
function a.aC(b,d)b:mux_window():spawn_tab({domain={DomainName="local"},cwd=bX(d,"local")})end
end
do
local ds,dr,dx,dv,dp,dw
function ds(g)local c=a.e(g)local f=a.b(c.name)if f==nil then
return nil
end
return{name=f,state=a.t(c.state,a.az,"off"),reason=a.b(c.reason),since=a.f(c.since)or 0,rttMs=u(c.rttMs)=="number"and c.rttMs or nil,nextAttemptAt=a.f(c.nextAttemptAt)}end
function dr(g)local c=a.e(g)local bn=a.f(c.pid)local aR=a.f(c.codec)if bn==nil or aR==nil then
return nil
end
return{pid=bn,codec=aR,version=a.b(c.version)or"of unknown version"}end
function a.aG(g)local c=a.e(g)local dH=a.f(c.schema)local dY=a.f(c.writtenAt)local dg=a.f(c.nextWriteBy)if dH==nil or dY==nil or dg==nil then
return nil
end
return{schema=dH,writtenAt=dY,nextWriteBy=dg,ascalon=a.b(c.ascalon)or"",vm=dx(a.e(c.vm)),links=a.k(c.links,ds),mux=dv(a.e(c.mux)),gui=a.k(c.gui,dr),codec=dp(a.e(c.codec)),generation=a.f(c.generation),pendingPlan=u(c.pendingPlan)=="table"and dw(a.e(c.pendingPlan))or nil,attention=a.k(c.attention,function(bS)return a.b(bS)end)}end
dx=function(c)return{state=a.t(c.state,a.K,"unknown"),since=a.f(c.since)or 0,reason=a.b(c.reason)}end
dv=function(c)return{socketPath=a.b(c.socketPath)or"",codec=a.f(c.codec),version=a.b(c.version),exe=a.b(c.exe),hijacked=c.hijacked==true}end
dp=function(c)return{verdict=a.t(c.verdict,{"equal","different","unknown"},"unknown"),sentence=a.b(c.sentence),fix=a.b(c.fix)}end
dw=function(c)return{restart=a.f(c.restart)or 0,rebuild=a.f(c.rebuild)or 0,recreate=a.f(c.recreate)or 0}end
end
do
function a.aj(i)return a.aG(a.aa(i))end
local aP={text=nil,status=nil}function a.C()local i=a.ab(a.a.b.statusPath)if i==aP.text then
return aP.status
end
aP.text=i
aP.status=a.aj(i or"")return aP.status
end
end
do
local ct,cB
function ct(e,I)local d=e.mux.get_pane(I)if d==nil then
return false
end
local aw=d:tab()if aw~=nil then
aw:activate()end
d:activate()return true
end
function a.aw(e)local function ey(l)return not a.s(l)and l~=cB
end
return a.E(e.mux.all_windows(),ey)~=nil
end
local cG="code=$?; printf '\\n[ended with %s; Enter closes this tab] ' \"$code\"; read -r _; exit \"$code\""local ev="\"$@\"; "..cG
local ew="\"$@\" && { sleep 1; exit 0; }; "..cG
function a.Q(R)local o={}for k,G in m(a.a.k)do
o[#o+1]=G
end
for k,G in m(R)do
o[#o+1]=G
end
return o
end
local function dL(eK,R)local o={"/bin/sh","-c",eK,"sh"}for k,G in m(a.Q(R))do
o[#o+1]=G
end
return o
end
local function cb(b,ek)return b:spawn_tab({domain={DomainName="local"},args=ek})end
function a.ae(b,R)cb(b:mux_window(),dL(ev,R))end
function a.af(e,b)local aa=a.d("up_pane")if aa>0 then
local n,br=K(function()return ct(e,aa-1)end)if n and br then
return
end
end
local k,d=cb(b:mux_window(),dL(ew,{"up","--attach"}))a.c("up_pane",d:pane_id()+1)end
function a.U(e,b)if a.aw(e)then
return
end
local br=b:active_tab()cb(b)if br~=nil then
br:activate()end
end
cB="TermWizTerminalDomain"function a.ad(e,R)local dC={success=false,stdout="",stderr=""}local n,t=K(function()local ba,aZ,cc=e.run_child_process(a.Q(R))dC={success=ba,stdout=aZ,stderr=cc}end)return n and dC or({success=false,stdout="",stderr=F(t)})end
end
do
local bK,ak,cw,bD,bL,q,dM,cj,cx
local aC=a.aP
function bK(e,h,em)local l=a.y(e)return a.as({now=os.time(),status=h,domain=l==nil and"unregistered"or(l:state()=="Attached"and"attached"or"detached"),y=(l and l:has_any_panes())==true,o=a.G(os.time()),p=em,w=#a.a.k>0,x=ak()})end
function a.y(e)local bY=e.mux.get_domain(a.a.b.proxyDomain)if(bY and bY:state())=="Attached"then
return bY
end
return e.mux.get_domain(a.a.b.domain)end
function ak()local dO=os.getenv("WEZTERM_UNIX_SOCKET")or""local ax=a.m(dO,"gui-sock-")local bC
if ax<0 then
bC=nil
else
bC=tonumber(N(dO,ax+9))end
return bC
end
function cw(e,b,d,an)local M=a.A(os.time(),aC.ask)local cq=a.ad(e,{"attach","--json"})local ba=cq.success
local aZ=cq.stdout
if not a.T(M)then
return
end
a.F(M)local ed=bK
local ee=e
local by
if ba then
by=a.aj(aZ)else
by=nil
end
local C=ed(ee,by,true)bD(e,b,d,an,C)end
function bD(e,b,d,an,C)if C.a=="attach"then
a.z(e,b,d,a.a.b.domain,an)elseif C.a=="focus"and an=="show"then
dM(e,b)elseif C.a=="focus"or C.a=="spawn"then
a.W(b,d,cx(e))elseif C.a=="start"then
q(e,b,C.sentence)elseif C.a=="wait"then
a.c("wish_until",os.time()+cj)a.h(b,C.sentence)elseif C.a=="explain"then
bL(e,b,d,C)end
end
function bL(e,b,d,ay)a.ah(b,d,ay)a.p(e,"ascalon.attach.failed",b,d,{message=ay.m})end
function q(e,b,eN)local M=a.A(os.time(),aC.spawn)a.h(b,eN)local n,t=K(a.af,e,b)a.F(M)if not n then
a.h(b,"ascalon could not be started: "..F(t))end
end
function a.z(e,b,d,f,an)local l=e.mux.get_domain(f)if l==nil or a.G(os.time())then
return
end
local M=a.A(os.time(),aC.attach)a.p(e,"ascalon.attach.start",b,d,{domain=f})local n,t=K(function()return l:attach(b:mux_window())end)a.F(M)if not n then
a.c("failed_at",os.time())bL(e,b,d,a.av(F(t)))return
end
a.c("wanted",1)if an=="tab"or not l:has_any_panes()then
a.W(b,d,f)end
a.p(e,"ascalon.attach.finished",b,d,{domain=f})end
function dM(e,b)local cO=b:mux_window()local ai=a.E({cO},a.s)or a.E(e.mux.all_windows(),a.s)if ai==nil then
return
end
ai.tab:activate()if ai.window:window_id()~=cO:window_id()then
local cn=ai.window:gui_window()if cn~=nil then
cn:focus()end
end
end
cj=30
function a.w(e,b,d,an)local dN=os.time()-a.d("failed_at")if dN>=0 and dN<2 then
return
end
local C=bK(e,a.C(),false)if C.a=="ask"then
cw(e,b,d,an)else
bD(e,b,d,an,C)end
end
cx=function(e)local cp=a.y(e)return cp and cp:name()or a.a.b.domain
end
function a.ax(j)local ab=a.d("wish_until")-j
return ab>0 and ab<=cj
end
end
do
local dD,bU
local S=a.z
function dD(e,b,d,R)local f="ascalon "..table.concat(R," ")a.h(b,f.." …")local bw=a.ad(e,R)local ba=bw.success
local aZ=bw.stdout
local cc=bw.stderr
if ba then
local dF=bU(aZ,1)[1]a.h(b,dF==nil and f..": done"or f..": "..dF)return
end
local al=bU(cc,5)a.ah(b,d,{a="explain",m=f.." failed.",t=al,u={"doctor"}})end
function bU(i,eq)local ap={}for k,o in m(a.n(i,"\n"))do
if o~=""then
ap[#ap+1]=string.sub(o,1,200)end
if#ap>eq then
table.remove(ap,1)end
end
return ap
end
function a.aN(e,b,d,y)if#a.a.k==0 then
a.h(b,a.P)elseif y.runs=="tab"then
a.ae(b,y.argv)else
dD(e,b,d,y.argv)end
end
function a.aO(e,b,d,ac)if ac=="up"then
a.af(e,b)elseif ac=="proxy"then
S(e,b,d,a.a.b.proxyDomain,"show")else
a.ae(b,{ac})end
end
end
function a.at(e,b)a.c("wanted",0)a.c("wish_until",0)local l=a.y(e)if l==nil or l:state()~="Attached"then
a.h(b,"The VM is not attached.")return
end
a.U(e,b:mux_window())local n,t=K(function()return l:detach()end)if not n then
a.h(b,"WezTerm could not detach the VM: "..F(t))end
end
do
local cV,cU,aB,bu,bt
function cV(g)if#g>a.I.open then
return bt
end
if not av(g,"https://")and not av(g,"http://")then
return aB("not a web address")end
do
local L=0
while L<#g do
local H=aF(g,L)if H<=32 or H>=127 or H==34 or H==39 or H==92 or H==96 then
return aB("a bad character")end
L=L+1
end
end
return{a="open",value=g}end
function cU(g)if g==""then
return aB("empty")end
if#g>a.I.notify then
return bt
end
do
local L=0
while L<#g do
local H=aF(g,L)if H<32 or H==127 then
return aB("a bad character")end
L=L+1
end
end
return{a="notify",value=g}end
a.I={open=2048,notify=300,attach=64}function a.ay(f,g,c,ce)if f=="ascalon.open"and ce.open then
return c=="vm"and cV(g)or bu
end
if f=="ascalon.notify"and ce.notify then
return c=="vm"and cU(g)or bu
end
if f=="ascalon.attach"and ce.attach then
if c~="local"then
return bu
end
return#g>a.I.attach and bt or({a="attach",value=g})end
return{a="ignore"}end
aB=function(am)return{a="refuse",reason=am}end
bu=aB("not from that pane")bt=aB("too long")function a.aT(p,j,aJ,aC)if j-p.j>=aC or j<p.j then
return{v=true,e={j=j,l=1}}end
return{v=p.l<aJ,e={j=p.j,l=p.l+1}}end
end
do
local dz,dj,cM,aJ,dV
function dz(e,b,d,f,g)if not av(f,"ascalon.")then
return
end
local O=a.ay(f,g,dj(d),a.a.c.messages)if O.a=="ignore"then
return
end
if O.a=="refuse"then
a.g(f.." refused: "..O.reason)return
end
if not cM(O.a)then
return
end
if O.a=="open"then
s.open_with(O.value)elseif O.a=="notify"then
a.h(b,"VM: "..O.value)else
a.w(e,b,d,"show")end
end
function dj(d)local l=a.D(d)if l=="local"then
return"local"end
return l~=nil and a.s(l)and"vm"or"other"end
function cM(bl)local p={j=a.d(bl.."_window"),l=a.d(bl.."_count")}local cg=a.aT(p,os.time(),aJ,dV)a.c(bl.."_window",cg.e.j)a.c(bl.."_count",cg.e.l)return cg.v
end
aJ=5
dV=10
function a.aJ()a.l("user-var-changed",function(e,b,d,f,g)if u(f)=="string"and u(g)=="string"then
dz(e,b,d,f,g)end
end)end
end
do
local cy,bH,bd,aQ
function a.Y()local ag={}for k,f in m(a.o)do
local dd=bH[f]if f~="menu"and(f~="docs"or a.a.b.docsUrl~="")then
ag[#ag+1]={brief="ascalon: "..dd[1],icon=dd[2],action=a.r(a.i[f])}end
end
for k,y in m(a.a.b.palette)do
local bf="ascalon: "..y.brief
ag[#ag+1]={brief=bf,doc=y.doc,icon=y.icon,action=a.r(a.B(y.id))}end
return ag
end
function cy(b,d)local ag=a.Y()for k,Y in m(aQ.r)do
local n,cf=K(Y,b,d)if not n then
a.v("another "..bd.." handler",cf)elseif u(cf)=="table"then
for k,y in m(cf)do
ag[#ag+1]=y
end
end
end
return ag
end
bH={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.aQ(b,d)local B={}for k,f in m(a.o)do
if f~="menu"then
B[#B+1]={label=bH[f][1],id=a.i[f]}end
end
for k,y in m(a.a.b.palette)do
B[#B+1]={label=y.brief,id=a.B(y.id)}end
a.ag(b,d,"ascalon",B)end
bd="augment-command-palette"aQ={s=false,r={}}function a.N()if aQ.s then
return
end
aQ.s=true
local dA=s.on
dA(bd,cy)s.on=function(v,Y)if v==bd then
local ck=aQ.r
ck[#ck+1]=Y
else
dA(v,Y)end
end
end
end
do
local dU,at,dJ
function dU(aH)local ch=2
do
local L=0
while L<aH do
ch=ch*2
L=L+1
end
end
return ch
end
a.S={i=0,g=0,d=0,f=0,h=0}local eB=5
local es=20
function a.aS(p,z)local cl=z
local j=cl.now
local h=cl.status
local cJ=h~=nil and a.x(h,j)==0 and h or nil
local bA
if cJ==nil then
bA=nil
else
bA=a.u(cJ,"mux")end
local r=bA
local aO=p
local ci=aO.i
local aK=aO.g
local bV=aO.d
local aH=aO.f
local eE=aO.h
if z.attached then
return at(dJ(r==nil and aK or r.since))end
if ci==0 or z.o then
return at(p)end
if bV==0 then
return at({i=ci,g=aK,d=j,f=aH,h=j})end
if r==nil or r.state~="up"then
return at(p)end
if r.since<=aK then
return at(j-bV>es and a.S or p)end
if j<eE then
return at(p)end
if aH>=eB then
return at(a.S)end
local next=j+dU(aH)return{attach=true,e={i=ci,g=aK,d=bV,f=aH+1,h=next}}end
at=function(p)return{e=p,attach=false}end
dJ=function(aK)return{i=1,g=aK,d=0,f=0,h=0}end
end
function a.M(aC)local aE=math.floor(math.max(aC,0))if aE<60 then
return F(aE).." s"end
if aE<3600 then
return F(math.floor(aE/60)).." min"end
if aE<172800 then
return F(math.floor(aE/3600)).." h"end
return F(math.floor(aE/86400)).." d"end
do
local dT,dE,dm
function dT(h,j)local bx=h.vm
local aD=bx.state
local eP=bx.since
local am=bx.reason
if aD=="starting"or aD=="stopping"then
return aD.." "..a.M(j-eP)end
return(am==nil or am=="")and aD or aD.." ("..am..")"end
function dE(h)local E={}for k,r in m(h.links)do
if r.state=="broken"or r.state=="healing"then
E[#E+1]=r.name.." "..r.state
end
end
if h.mux.hijacked==true then
E[#E+1]="mux hijacked"end
local bB=h.codec.verdict=="different"if bB then
local cm=a.u(h,"mux")bB=(cm and cm.state)=="up"end
if bB then
E[#E+1]="WezTerm versions differ"end
local dl=dm(h.pendingPlan)if dl~=""then
E[#E+1]=dl
end
return E
end
function dm(bo)if bo==nil then
return""end
if bo.recreate>0 then
return"recreate pending"end
if bo.restart>0 then
return"restart pending"end
return bo.rebuild>0 and"rebuild pending"or""end
function a.aR(h,j,as)if h==nil then
return as.always and"ascalon: unknown"or""end
local dP=a.x(h,j)if dP>0 then
return"ascalon: no news for "..a.M(dP)end
if h.vm.state=="absent"then
return as.always and"ascalon: no VM"or""end
local E=h.vm.state=="running"and dE(h)or({dT(h,j)})if#E==0 and not as.always then
return""end
if as.always and h.generation~=nil then
E[#E+1]="generation "..F(h.generation)end
return#E==0 and"ascalon: up"or"ascalon: "..table.concat(E,", ")end
end
function a.aH()return{i=a.d("wanted"),g=a.d("link_since"),d=a.d("lost_at"),f=a.d("attempts"),h=a.d("next_at")}end
function a.aM(p)a.c("wanted",p.i)a.c("link_since",p.g)a.c("lost_at",p.d)a.c("attempts",p.f)a.c("next_at",p.h)end
do
local aN,dQ,dy,cT,cv,di,cX
local S=a.z
function aN(e,b,d,h,j)local aw=a.y(e)local bc=(aw and aw:state())=="Attached"dy(b,d,h,j,bc)if bc and a.a.c.keep_local_tab and j-a.d("local_tab_at")>=cX then
a.c("local_tab_at",j)a.H("keep-local-tab",function(aL)return a.U(aL,b:mux_window())end)end
if a.d("started")==0 then
a.c("started",1)if dQ()then
a.H("startup",function(aL)return a.w(aL,b,d,"show")end)end
end
cv(e,b,d,h)end
function dQ()return(a.a.c.attach or a.a.b.attach)=="startup"end
function dy(b,d,h,j,bc)local p=a.aH()local cd=a.aS(p,{now=j,attached=bc,o=a.G(j),status=h})a.aM(cd.e)if p.d==0 and cd.e.d>0 then
a.h(b,"The connection to the VM was lost.")end
local eU=a.ax(j)and cT(h,j)if eU or cd.attach and a.a.c.reattach then
a.c("wish_until",0)a.H("reattach",function(e)return S(e,b,d,a.a.b.domain,"show")end)end
end
function cT(h,j)if h==nil or a.x(h,j)>0 then
return false
end
local co=a.u(h,"mux")return(co and co.state)=="up"end
function cv(e,b,d,h)if h==nil then
return
end
local ao=a.d("vm_state")local cu=di(h.vm.state)if ao==cu then
return
end
a.c("vm_state",cu)local c=a.K[ao]if c~=nil then
a.p(e,"ascalon.vm.changed",b,d,{from=c,to=h.vm.state})end
end
function di(aD)local bm=1
while a.K[bm]~=aD do
bm=bm+1
end
return bm
end
function a.ak(h,j)local ab=a.d("notice_until")-j
if ab>0 and ab<=10 and a.V()~=""then
return a.V()end
local i=a.aR(h,j,{always=a.a.c.status=="always"})if a.a.n==nil then
return i
end
return i==""and"ascalon: versions differ"or i..", versions differ"end
cX=5
function a.aL()a.l("update-status",function(e,b,d)local j=os.time()local h=a.C()if a.d("tick_at")~=j then
a.c("tick_at",j)aN(e,b,d,h,j)end
if a.a.c.status~=false then
b:set_right_status(a.ak(h,j))end
end)end
end
do
local dB
function dB()for k,y in m(a.a.b.palette)do
a.l(a.B(y.id),function(e,b,d)return a.aN(e,b,d,y)end)end
end
local db="ascalon.handlers"function a.aI()local ea=_G.package
local cW=ea.loaded
if cW[db]==true then
return
end
cW[db]=true
a.l(a.i.attach,function(e,b,d)return a.w(e,b,d,"show")end)a.l(a.i.new_tab,function(e,b,d)return a.w(e,b,d,"tab")end)a.l(a.i.detach,function(e,b)return a.at(e,b)end)a.l(a.i.new_local_tab,function(ei,b,d)return a.aC(b,d)end)a.l(a.i.menu,function(ei,b,d)return a.aQ(b,d)end)a.l(a.i.docs,function()return a.aD()end)dB()a.aK(function(e,b,d,I)if av(I,"ascalon.")then
b:perform_action(a.r(I),d)else
a.aO(e,b,d,I)end
end)a.aJ()a.aL()if a.a.c.palette then
a.N()end
end
end
do
local cP
function cP(az)if#az~=1 then
return false
end
local H=string.byte(az,1)or 0/0
return H>=65 and H<=90 or H>=97 and H<=122
end
function a.Z(P)local bp=a.m(P,"+")if bp<0 or bp==#P-1 then
return nil
end
return{mods=N(P,0,bp),key=N(P,bp+1)}end
local ej={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.O(az,eC)local bi={}for k,G in m(a.n(table.concat(a.n(string.upper(eC)," "),""),"|"))do
local f=ej[G]if f~=nil then
bi[f]=true
end
end
local aA=az
for k,aW in m({"phys:","mapped:","raw:"})do
if av(aA,aW)then
aA=N(aA,#aW)end
end
if cP(aA)then
if bi.SHIFT==true then
aA=string.upper(aA)end
bi.SHIFT=false
end
local Z=""for k,f in m({"ALT","CTRL","LEADER","SHIFT","SUPER"})do
if bi[f]==true then
Z=Z..f.."|"end
end
return Z..aA
end
end
do
local bJ,dn,cS,bE
function bJ(f,D)if D==nil or D==true then
if f=="attach"then
return a.Z(a.a.b.key)end
elseif D~=false then
local P=dn(D)if P~=nil then
return P
end
a.g("keys."..f.." is false, \"CMD|SHIFT+A\" or { key = …, mods = … }")return bJ(f,nil)end
return nil
end
function dn(D)if u(D)=="string"then
return a.Z(D)end
local c=a.e(D)local az=a.b(c.key)if az==nil then
return nil
end
return{key=az,mods=a.b(c.mods)or""}end
function cS(bh,Z)for k,ad in m(bh)do
if u(ad.key)=="string"and a.O(ad.key,ad.mods or"")==Z then
return true
end
end
return false
end
function a.am()local ef=a.a.c
local bT=ef.keys
if bT==false then
return{}end
a.L(bT,a.o,"keys.")local bG={}for k,f in m(a.o)do
local P=bJ(f,bT[f])if P~=nil then
bG[#bG+1]={key=P.key,mods=P.mods,action=a.r(a.i[f])}end
end
return bG
end
function a.ao(T)local bh=T.keys or({})local aT={}for k,ad in m(a.am())do
local Z=a.O(ad.key,ad.mods or"")if not cS(bh,Z)then
aT[#aT+1]=ad
elseif not bE[Z]then
a.g(Z.." is bound already; left as it is")end
bE[Z]=true
end
for k,ad in m(bh)do
aT[#aT+1]=ad
end
T.keys=aT
end
bE={}end
local Q={}local aG
function aG(J,aN)local n,t=K(aN)if not n then
a.v(J,t)end
end
Q.version="0.1.0"Q.contract_version=a.q
Q.action={}for k,f in m(a.o)do
Q.action[f]=a.r(a.i[f])end
function Q.apply_to_config(T,eH)if s.gui==nil then
return T
end
aG("options",function()a.a.c=a.ac(eH)end)aG("plugin.json",function()return a.aA(a.a.c)end)aG("domains",function()return a.an(T,a.a.b)end)aG("keys",function()return a.ao(T)end)aG("events",function()return a.aI()end)return T
end
function Q.keys()return a.am()end
function Q.palette_entries()return a.Y()end
function Q.chain_palette()a.N()end
function Q.status_text(eW)local n,i=K(function()return a.ak(a.C(),os.time())end)return n and i or""end
return Q
