-- ascalon 0.1.0: generated from src/wezterm and src/shared, do not edit.
local K,m,G,u=pcall,ipairs,tostring,type
local s=require("wezterm")local function N(self,q,B)if q==nil or q~=q then
q=0
end
if B~=B then
B=0
end
if q>=0 then
q=q+1
end
if B~=nil and B<0 then
B=B-1
end
return string.sub(self,q,B)end
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
a.J={plugin="wezterm/plugin.json",bundle="wezterm/ascalon.lua",status="status.json",socket="sock/mux.sock"}a.av="ascalon"a.aE="ascalon-proxy"a.i={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}a.o={"attach","detach","new_tab","new_local_tab","menu","docs"}a.B=function(I)return"ascalon.cli."..I end
a.r=function(w)return s.action.EmitEvent(w)end
function a.e(g)return u(g)=="table"and g~=nil and g~=nil and g or({})end
function a.b(g)return u(g)=="string"and g or nil
end
function a.f(g)return u(g)=="number"and math.floor(g)or nil
end
function a.k(g,eK)local bj={}if u(g)~="table"or g==nil or not dZ(g)then
return bj
end
for k,bS in m(g)do
local dk=eK(bS)if dk~=nil then
bj[#bj+1]=dk
end
end
return bj
end
function a.t(g,eW,bM)for k,H in m(eW)do
if H==g then
return H
end
end
return bM
end
do
local du,dq
function du(g)local c=a.e(g)local e=a.b(c.host)local X=a.b(c.guest)if e==nil or X==nil then
return nil
end
return{host=e,guest=X}end
function dq(g)local c=a.e(g)local I=a.b(c.id)local bf=a.b(c.brief)if I==nil or bf==nil then
return nil
end
return{id=I,brief=bf,doc=a.b(c.doc)or"",icon=a.b(c.icon)or"md_server",argv=a.k(c.argv,a.b),runs=a.t(c.runs,{"tab","silent"},"tab")}end
function a.R(aY)return{contract=a.q,ascalon="",cli={},statusPath=aY.."/"..a.J.status,domain=a.av,socketPath=aY.."/"..a.J.socket,proxyDomain=a.aE,proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette={},docsUrl=""}end
function a.aF(g,V)local c=a.e(g)return{contract=a.f(c.contract)or 0,ascalon=a.b(c.ascalon)or"",cli=a.k(c.cli,a.b),statusPath=a.b(c.statusPath)or V.statusPath,domain=a.b(c.domain)or V.domain,socketPath=a.b(c.socketPath)or V.socketPath,proxyDomain=a.b(c.proxyDomain)or V.proxyDomain,proxyCommand=a.k(c.proxyCommand,a.b),attach=a.t(c.attach,{"key","startup"},V.attach),key=a.b(c.key)or V.key,mounts=a.k(c.mounts,du),palette=a.k(c.palette,dq),docsUrl=a.b(c.docsUrl)or V.docsUrl}end
function a.as(af,el)if af==a.q then
return nil
end
local dS="The plugin speaks contract "..G(a.q)..", ascalon "..el.." contract "..G(af)return af<a.q and dS..": upgrade ascalon."or dS..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
end
function a.ac(x)local bN=io.open(x,"r")if bN==nil then
return nil
end
local i=bN:read(65536)bN:close()return i
end
function a.ab(i)local n,g=K(s.json_parse,i)if n then
return g
end
return nil
end
function a.m(i,J)return(string.find(i,J,nil,true)or 0)-1
end
function a.n(i,bZ)local aU={}local y=i
do
local ax=a.m(y,bZ)while ax>=0 do
aU[#aU+1]=N(y,0,ax)y=N(y,ax+#bZ)ax=a.m(y,bZ)end
end
aU[#aU+1]=y
return aU
end
function a.g(i)s.log_warn("ascalon: "..i)end
function a.v(eS,t)local i=G(t)if a.m(i,"not found")>=0 then
a.g(i)else
s.log_error("ascalon: "..eS..": "..i)end
end
do
local dG
function dG(ac,bq)local dc=math.min(#ac,#bq)local q=0
while q<dc and aF(ac,q)==aF(bq,q)do
q=q+1
end
local B=0
while q+B<dc and aF(ac,#ac-1-B)==aF(bq,#bq-1-B)do
B=B+1
end
return q+B
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
local dt,W,cQ
function dt(E)if E==false then
return{open=false,notify=false,attach=false}end
local c=a.e(E)a.L(c,{"attach","notify","open"},"messages.")return{open=W(c,"open",true),notify=W(c,"notify",true),attach=W(c,"attach",true)}end
function W(c,f,bM)local g=c[f]if u(g)=="boolean"then
return g
end
if g~=nil then
a.g(f.." is true or false")end
return bM
end
function a.L(c,ab,aW)for f in pairs(c)do
if not cQ(f,ab)then
local de=a.aB(f,ab)a.g("unknown option "..aW..f..(de==nil and""or"; did you mean "..aW..de.."?"))end
end
end
function cQ(f,ab)for k,eH in m(ab)do
if eH==f then
return true
end
end
return false
end
local eE={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.ad(E)if E~=nil and u(E)~="table"then
a.g("the options must be a table")end
local c=a.e(E)a.L(c,eE,"")local T=c.attach
if T~=nil and T~="key"and T~="startup"then
a.g("attach is \"key\" or \"startup\"")end
local ep=u(c.cli)=="string"and({c.cli})or a.k(c.cli,a.b)local eb=a.b(c.plugin_json)local ec=ep
local bz
if c.keys==false then
bz=false
else
bz=a.e(c.keys)end
return{plugin_json=eb,cli=ec,keys=bz,attach=(T=="key"or T=="startup")and T or nil,palette=W(c,"palette",false),status=c.status=="always"and"always"or W(c,"status",false),notifications=W(c,"notifications",true),reattach=W(c,"reattach",true),keep_local_tab=W(c,"keep_local_tab",true),same_place=W(c,"same_place",true),messages=dt(c.messages)}end
end
function a.aj()local bW=os.getenv("XDG_STATE_HOME")local aw=bW
return(aw and av(bW,"/")and bW or s.home_dir.."/.local/state").."/ascalon"end
a.a={c=a.ad(nil),b=a.R(a.aj()),k={},n=nil,q=nil}function a.s(f)return f==a.a.b.domain or f==a.a.b.proxyDomain
end
do
local aY=a.aj
function a.aA(as)local x=as.plugin_json or aY().."/"..a.J.plugin
s.add_to_config_reload_watch_list(x)local V=a.R(aY())local i=a.ac(x)local g=a.ab(i or"")if i~=nil and u(g)~="table"then
a.g(x.." is damaged")end
a.a.b=u(g)=="table"and a.aF(g,V)or V
a.a.k=#as.cli>0 and as.cli or a.a.b.cli
a.a.n=a.as(a.a.b.contract,a.a.b.ascalon)if a.a.n~=nil then
a.g(a.a.n)end
end
end
do
local bF
function bF(ag,l)for k,ab in m(ag)do
if ab.name==l.name then
if ab.socket_path~=l.socket_path then
a.g("unix_domains already has "..l.name.."; it is left as it is")end
return
end
end
ag[#ag+1]=l
end
function a.ao(U,af)local ag={}for k,l in m(U.unix_domains or({{name="unix"}}))do
ag[#ag+1]=l
end
bF(ag,{name=af.domain,socket_path=af.socketPath,no_serve_automatically=true})if#af.proxyCommand>0 then
bF(ag,{name=af.proxyDomain,proxy_command=af.proxyCommand,no_serve_automatically=true})end
U.unix_domains=ag
end
end
do
local cA
function cA(Y,X)if Y<X then
return"Install a newer WezTerm here (macOS: brew install --cask wezterm@nightly) and start it again, or pin the VM's to this one."end
return"Update the VM's WezTerm: update the flake's nixpkgs input, then run ascalon rebuild."end
function a.ar(Y,X)if Y==nil or X==nil then
return{verdict="unknown"}end
if Y.codec==X.codec then
return{verdict="equal"}end
return{verdict="different",sentence="WezTerm here is "..Y.version.." (codec "..G(Y.codec)..") and the VM's is "..X.version.." (codec "..G(X.codec).."); WezTerm attaches only to its own codec.",fix=cA(Y.codec,X.codec)}end
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
function dW(A)if not A.w then
return a.j(a.P,{"Run this once in a terminal: ascalon wezterm install"},{})end
if not A.p then
return{a="ask"}end
return a.j("ascalon gives no answer about the VM.",{"ascalon doctor tells what is wrong."},{"doctor"})end
function cF(h,al)local eg=h
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
return cE(h,al)end
function cE(h,al)if h.mux.hijacked==true then
return a.j("Another WezTerm server has taken the VM's socket.",{(h.mux.exe or"It").." answers at "..h.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local r=a.u(h,"mux")if r==nil or r.state=="off"then
return{a="start",sentence="The VM runs without a link to WezTerm: making it."}end
if r.state=="waiting"or r.state=="healing"then
return{a="wait",sentence="The link to the VM is being made"..be(r.reason).."."}end
if r.state=="broken"then
return a.j("The link to the VM is broken"..be(r.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return cD(h,al)end
function cD(h,al)local O=al==nil and h.codec or a.ar(cL(h,al),cK(h))if O.verdict~="different"then
return{a="attach"}end
return a.j(a.am,{O.sentence or"",O.fix or""},{"rebuild","doctor"})end
function cL(h,bn)for k,Y in m(h.gui)do
if Y.pid==bn then
return Y
end
end
return nil
end
function cK(h)local cr=h.mux
local aR=cr.codec
local eR=cr.version
if aR==nil then
return nil
end
return{codec=aR,version=eR or"of unknown version"}end
function be(an)return(an==nil or an=="")and""or": "..an
end
a.j=function(bQ,am,eG)return{a="explain",m=bQ,t=am,u=eG}end
a.am="WezTerm here and in the VM speak different versions."a.P="The plugin does not know where ascalon is."function a.at(A)if A.o then
return{a="busy"}end
if A.domain=="unregistered"then
return a.j("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
if A.domain=="attached"then
return{a=A.y and"focus"or"spawn"}end
local h=A.status
if h==nil or a.x(h,A.now)>0 and not A.p then
return dW(A)end
return cF(h,A.x)end
end
do
local cN,aI,P
function cN(i)if aI(i,"failed to connect to Socket")then
return"Nothing listens at the VM's socket."end
if aI(i,"Timed out while parsing")then
return"The VM accepts the connection and does not answer."end
if aI(i,"EOF while reading")or aI(i,"os error 104")or aI(i,"Internal channel was closed")then
return"The link is open and the VM's WezTerm server does not answer behind it."end
return"WezTerm could not attach to the VM."end
function a.aw(eJ)local i=P(eJ,"\nstack traceback:")local k,dK,aL=table.unpack(a.n(i,"(codec version "),1,3)if dK~=nil and aL~=nil then
local o="Codec "..P(aL,")").." here and "..P(dK,")").." in the VM; WezTerm attaches only to its own codec."return a.j(a.am,{o},{"rebuild","doctor"})end
return a.j(cN(i),{string.sub(P(i,"\n"),1,200)},{"doctor","heal"})end
aI=function(i,J)return a.m(i,J)>=0 end
P=function(i,J)return a.n(i,J)[1]or""end
end
do
local bP,bb
function bP(w,Z)return function(b,d,et,eM)local n,t=K(Z,bb,b,d,et,eM)if n then
return
end
a.v(w,t)a.p(bb,"ascalon.error",b,d,{event=w,message=G(t)})end
end
function a.p(e,w,b,d,er)local n,t=K(e.emit,w,b,d,er)if not n then
a.g("a handler of "..w..": "..G(t))end
end
bb=s
function a.l(w,Z)s.on(w,bP(w,Z))end
function a.aq(w,Z)return s.action_callback(bP(w,Z))end
function a.H(w,aN)s.time.call_after(0.01,function()local n,t=K(aN,bb)if not n then
a.v(w,t)end
end)end
end
function a.d(f)local g=s.GLOBAL["ascalon_"..f]return u(g)=="number"and g or 0
end
function a.c(f,g)s.GLOBAL["ascalon_"..f]=g
end
do
local eP=10
local ap={text=""}function a.h(b,i)s.log_info("ascalon: "..i)ap.text=i
a.c("notice_until",os.time()+eP)if a.a.c.notifications then
K(function()return b:toast_notification("ascalon",i,nil,5000)end)end
end
function a.W()return ap.text
end
end
do
local cR,dX
function a.ah(b,d,bQ,C)local cs=a.a.q
if cs==nil then
return
end
local eN=s.action.InputSelector({title="ascalon",description=bQ,choices=C,action=cs})b:perform_action(eN,d)end
function cR(ad)if ad=="proxy"then
return#a.a.b.proxyCommand>0
end
return#a.a.k>0
end
function dX(i,eT)local am={}local o=""for k,H in m(a.n(i," "))do
if o~=""and#o+1+#H>eT then
am[#am+1]=o
o=H
else
o=o==""and H or o.." "..H
end
end
if o~=""then
am[#am+1]=o
end
return am
end
function a.ai(b,d,ay)a.h(b,ay.m)local C={}for k,ad in m(ay.u)do
if cR(ad)then
C[#C+1]={label=ad=="proxy"and"Attach over ssh instead"or"Run ascalon "..ad,id=ad}end
end
for k,o in m(ay.t)do
for k,J in m(dX(o,76))do
C[#C+1]={label=J,id=""}end
end
C[#C+1]={label="Close",id=""}a.ah(b,d,ay.m,C)end
function a.aK(eo)a.a.q=a.aq("ascalon.chosen",function(e,b,d,I)if I~=nil and I~=""then
eo(e,b,d,I)end
end)end
function a.aD()if a.a.b.docsUrl~=""then
s.open_with(a.a.b.docsUrl)end
end
end
function a.D(d)local n,f=K(function()return d:get_domain_name()end)return n and f or nil
end
function a.E(eU,eA)for k,b in m(eU)do
for k,dR in m(b:tabs())do
for k,d in m(dR:panes())do
local l=a.D(d)if l~=nil and eA(l)then
return{window=b,tab=dR,pane=d}end
end
end
end
return nil
end
do
a.aP={ask=20,attach=90,spawn=10}local eB=10
function a.G(j)local bO=j-a.d("seen_at")if bO<0 or bO>eB then
a.c("busy_until",a.d("busy_until")+bO)end
a.c("seen_at",j)return a.d("busy_until")>j
end
function a.A(j,aJ)local M=a.d("ticket")+1
a.c("ticket",M)a.c("busy_until",j+aJ)a.c("seen_at",j)return M
end
function a.U(M)return a.d("ticket")==M
end
function a.F(M)if a.U(M)then
a.c("busy_until",0)end
end
end
do
function a.Y(x)local bk={}local y=x
while y~=""do
local bg=(string.find(y,"/",nil,true)or 0)-1
local J=bg==-1 and y or N(y,0,bg)y=bg==-1 and""or N(y,bg+1)if J==".."then
table.remove(bk)elseif J~=""and J~="."then
bk[#bk+1]=J
end
end
return"/"..table.concat(bk,"/")end
local function cz(ai,x)if ai=="/"then
return x=="/"and""or x
end
if x==ai then
return""end
local q=ai.."/"return N(x,0,#q)==q and N(x,#ai)or nil
end
local function df(x,ar,aX)local aj
for k,aq in m(ar)do
do
if cz(aq[aX],x)==nil then
goto eh
end
if aj==nil or#aq[aX]>#aj[aX]then
aj=aq
end
end::eh::end
return aj
end
local function cZ(x,ar,c,bs)local dh=a.Y(x)local aq=df(dh,ar,c)if aq==nil then
return nil
end
local da=a.Y(aq[bs]..(cz(aq[c],dh)or""))local cC=df(da,ar,bs)return cC~=nil and cC[bs]==aq[bs]and da or nil
end
function a.aU(ex,ar)return cZ(ex,ar,"host","guest")end
function a.aV(eu,ar)return cZ(eu,ar,"guest","host")end
end
do
local bX,cH,cI,bR
function bX(d,aX)local l=a.D(d)if not a.a.c.same_place or l==nil then
return nil
end
local ak=a.s(l)if not ak and l~="local"then
return nil
end
local ai=cH(d,ak)if ai==nil or ak==(aX=="vm")then
return ai
end
local bv
if ak then
bv=a.aV(ai,a.a.b.mounts)else
bv=a.aU(ai,a.a.b.mounts)end
return bv
end
function cH(d,ak)local n,au=K(function()return d:get_current_working_dir()end)if not n or au==nil then
return nil
end
if u(au)=="string"then
return cI(au,ak)end
return(ak or bR(au.host or""))and au.file_path or nil
end
function cI(au,ak)if not av(au,"file://")then
return nil
end
local y=string.sub(au,8)local ca=a.m(y,"/")if ca<0 then
return nil
end
return(ak or bR(N(y,0,ca)))and N(y,ca)or nil
end
function bR(e)return e==""or e=="localhost"or e==s.hostname()end
function a.X(b,d,l)b:mux_window():spawn_tab({domain={DomainName=l},cwd=bX(d,"vm")})end
function a.aC(b,d)b:mux_window():spawn_tab({domain={DomainName="local"},cwd=bX(d,"local")})end
end
do
local ds,dr,dx,dv,dp,dw
function ds(g)local c=a.e(g)local f=a.b(c.name)if f==nil then
return nil
end
return{name=f,state=a.t(c.state,a.az,"off"),reason=a.b(c.reason),since=a.f(c.since)or 0,rttMs=u(c.rttMs)=="number"and c.rttMs or nil,nextAttemptAt=a.f(c.nextAttemptAt),target=a.b(c.target),chosen=a.b(c.chosen)}end
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
function a.ak(i)return a.aG(a.ab(i))end
local aP={text=nil,status=nil}function a.C()local i=a.ac(a.a.b.statusPath)if i==aP.text then
return aP.status
end
aP.text=i
aP.status=a.ak(i or"")return aP.status
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
function a.T(e)local function ez(l)return not a.s(l)and l~=cB
end
return a.E(e.mux.all_windows(),ez)~=nil
end
local cG="code=$?; printf '\\n[ended with %s; Enter closes this tab] ' \"$code\"; read -r _; exit \"$code\""local ev="\"$@\"; "..cG
local ew="\"$@\" && { sleep 1; exit 0; }; "..cG
function a.Q(S)local o={}for k,H in m(a.a.k)do
o[#o+1]=H
end
for k,H in m(S)do
o[#o+1]=H
end
return o
end
local function dL(eL,S)local o={"/bin/sh","-c",eL,"sh"}for k,H in m(a.Q(S))do
o[#o+1]=H
end
return o
end
local function cb(b,ek)return b:spawn_tab({domain={DomainName="local"},args=ek})end
function a.af(b,S)cb(b:mux_window(),dL(ev,S))end
function a.ag(e,b)local ab=a.d("up_pane")if ab>0 then
local n,br=K(function()return ct(e,ab-1)end)if n and br then
return
end
end
local k,d=cb(b:mux_window(),dL(ew,{"up","--attach"}))a.c("up_pane",d:pane_id()+1)end
function a.V(e,b)if a.T(e)then
return
end
local br=b:active_tab()cb(b)if br~=nil then
br:activate()end
end
cB="TermWizTerminalDomain"function a.ae(e,S)local dC={success=false,stdout="",stderr=""}local n,t=K(function()local ba,aZ,cc=e.run_child_process(a.Q(S))dC={success=ba,stdout=aZ,stderr=cc}end)return n and dC or({success=false,stdout="",stderr=G(t)})end
end
do
local bK,al,cw,bD,bL,q,dM,cj,cx
local aC=a.aP
function bK(e,h,em)local l=a.y(e)return a.at({now=os.time(),status=h,domain=l==nil and"unregistered"or(l:state()=="Attached"and"attached"or"detached"),y=(l and l:has_any_panes())==true,o=a.G(os.time()),p=em,w=#a.a.k>0,x=al()})end
function a.y(e)local bY=e.mux.get_domain(a.a.b.proxyDomain)if(bY and bY:state())=="Attached"then
return bY
end
return e.mux.get_domain(a.a.b.domain)end
function al()local dO=os.getenv("WEZTERM_UNIX_SOCKET")or""local ax=a.m(dO,"gui-sock-")local bC
if ax<0 then
bC=nil
else
bC=tonumber(N(dO,ax+9))end
return bC
end
function cw(e,b,d,ao)local M=a.A(os.time(),aC.ask)local cq=a.ae(e,{"attach","--json"})local ba=cq.success
local aZ=cq.stdout
if not a.U(M)then
return
end
a.F(M)local ed=bK
local ee=e
local by
if ba then
by=a.ak(aZ)else
by=nil
end
local D=ed(ee,by,true)bD(e,b,d,ao,D)end
function bD(e,b,d,ao,D)if D.a=="attach"then
a.z(e,b,d,a.a.b.domain,ao)elseif D.a=="focus"and ao=="show"then
dM(e,b)elseif D.a=="focus"or D.a=="spawn"then
a.X(b,d,cx(e))elseif D.a=="start"then
q(e,b,D.sentence)elseif D.a=="wait"then
a.c("wish_until",os.time()+cj)a.h(b,D.sentence)elseif D.a=="explain"then
bL(e,b,d,D)end
end
function bL(e,b,d,ay)a.ai(b,d,ay)a.p(e,"ascalon.attach.failed",b,d,{message=ay.m})end
function q(e,b,eO)local M=a.A(os.time(),aC.spawn)a.h(b,eO)local n,t=K(a.ag,e,b)a.F(M)if not n then
a.h(b,"ascalon could not be started: "..G(t))end
end
function a.z(e,b,d,f,ao)local l=e.mux.get_domain(f)if l==nil or a.G(os.time())then
return
end
local M=a.A(os.time(),aC.attach)a.p(e,"ascalon.attach.start",b,d,{domain=f})local n,t=K(function()return l:attach(b:mux_window())end)a.F(M)if not n then
a.c("failed_at",os.time())bL(e,b,d,a.aw(G(t)))return
end
a.c("wanted",1)if ao=="tab"or not l:has_any_panes()then
a.X(b,d,f)end
a.p(e,"ascalon.attach.finished",b,d,{domain=f})end
function dM(e,b)local cO=b:mux_window()local aj=a.E({cO},a.s)or a.E(e.mux.all_windows(),a.s)if aj==nil then
return
end
aj.tab:activate()if aj.window:window_id()~=cO:window_id()then
local cn=aj.window:gui_window()if cn~=nil then
cn:focus()end
end
end
cj=30
function a.w(e,b,d,ao)local dN=os.time()-a.d("failed_at")if dN>=0 and dN<2 then
return
end
local D=bK(e,a.C(),false)if D.a=="ask"then
cw(e,b,d,ao)else
bD(e,b,d,ao,D)end
end
cx=function(e)local cp=a.y(e)return cp and cp:name()or a.a.b.domain
end
function a.ax(j)local ac=a.d("wish_until")-j
return ac>0 and ac<=cj
end
end
do
local dD,bU
local T=a.z
function dD(e,b,d,S)local f="ascalon "..table.concat(S," ")a.h(b,f.." …")local bw=a.ae(e,S)local ba=bw.success
local aZ=bw.stdout
local cc=bw.stderr
if ba then
local dF=bU(aZ,1)[1]a.h(b,dF==nil and f..": done"or f..": "..dF)return
end
local am=bU(cc,5)a.ai(b,d,{a="explain",m=f.." failed.",t=am,u={"doctor"}})end
function bU(i,eq)local ap={}for k,o in m(a.n(i,"\n"))do
if o~=""then
ap[#ap+1]=string.sub(o,1,200)end
if#ap>eq then
table.remove(ap,1)end
end
return ap
end
function a.aN(e,b,d,z)if#a.a.k==0 then
a.h(b,a.P)elseif z.runs=="tab"then
a.af(b,z.argv)else
dD(e,b,d,z.argv)end
end
function a.aO(e,b,d,ad)if ad=="up"then
a.ag(e,b)elseif ad=="proxy"then
T(e,b,d,a.a.b.proxyDomain,"show")else
a.af(b,{ad})end
end
end
function a.au(e,b)a.c("wanted",0)a.c("wish_until",0)local l=a.y(e)if l==nil or l:state()~="Attached"then
a.h(b,"The VM is not attached.")return
end
a.V(e,b:mux_window())local n,t=K(function()return l:detach()end)if not n then
a.h(b,"WezTerm could not detach the VM: "..G(t))end
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
local v=aF(g,L)if v<=32 or v>=127 or v==34 or v==39 or v==92 or v==96 then
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
local P=0
do
local L=0
while L<#g do
local v=aF(g,L)local ey=v<32 or v==127 or P==194 and v>=128 and v<160
if ey then
return aB("a bad character")end
P=v
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
aB=function(an)return{a="refuse",reason=an}end
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
function a.Z()local ah={}for k,f in m(a.o)do
local dd=bH[f]if f~="menu"and(f~="docs"or a.a.b.docsUrl~="")then
ah[#ah+1]={brief="ascalon: "..dd[1],icon=dd[2],action=a.r(a.i[f])}end
end
for k,z in m(a.a.b.palette)do
local bf="ascalon: "..z.brief
ah[#ah+1]={brief=bf,doc=z.doc,icon=z.icon,action=a.r(a.B(z.id))}end
return ah
end
function cy(b,d)local ah=a.Z()for k,Z in m(aQ.r)do
local n,cf=K(Z,b,d)if not n then
a.v("another "..bd.." handler",cf)elseif u(cf)=="table"then
for k,z in m(cf)do
ah[#ah+1]=z
end
end
end
return ah
end
bH={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.aQ(b,d)local C={}for k,f in m(a.o)do
if f~="menu"then
C[#C+1]={label=bH[f][1],id=a.i[f]}end
end
for k,z in m(a.a.b.palette)do
C[#C+1]={label=z.brief,id=a.B(z.id)}end
a.ah(b,d,"ascalon",C)end
bd="augment-command-palette"aQ={s=false,r={}}function a.N()if aQ.s then
return
end
aQ.s=true
local dA=s.on
dA(bd,cy)s.on=function(w,Z)if w==bd then
local ck=aQ.r
ck[#ck+1]=Z
else
dA(w,Z)end
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
a.S={i=0,g=0,d=0,f=0,h=0}local eC=5
local es=20
function a.aS(p,A)local cl=A
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
local eF=aO.h
if A.attached then
return at(dJ(r==nil and aK or r.since))end
if ci==0 or A.o then
return at(p)end
if bV==0 then
return at({i=ci,g=aK,d=j,f=aH,h=j})end
if r==nil or r.state~="up"then
return at(p)end
if r.since<=aK then
return at(j-bV>es and a.S or p)end
if j<eF then
return at(p)end
if aH>=eC then
return at(a.S)end
local next=j+dU(aH)return{attach=true,e={i=ci,g=aK,d=bV,f=aH+1,h=next}}end
at=function(p)return{e=p,attach=false}end
dJ=function(aK)return{i=1,g=aK,d=0,f=0,h=0}end
end
function a.M(aC)local aE=math.floor(math.max(aC,0))if aE<60 then
return G(aE).." s"end
if aE<3600 then
return G(math.floor(aE/60)).." min"end
if aE<172800 then
return G(math.floor(aE/3600)).." h"end
return G(math.floor(aE/86400)).." d"end
do
local dT,dE,dm
function dT(h,j)local bx=h.vm
local aD=bx.state
local eQ=bx.since
local an=bx.reason
if aD=="starting"or aD=="stopping"then
return aD.." "..a.M(j-eQ)end
return(an==nil or an=="")and aD or aD.." ("..an..")"end
function dE(h)local F={}for k,r in m(h.links)do
if r.state=="broken"or r.state=="healing"then
F[#F+1]=r.name.." "..r.state
end
end
if h.mux.hijacked==true then
F[#F+1]="mux hijacked"end
local bB=h.codec.verdict=="different"if bB then
local cm=a.u(h,"mux")bB=(cm and cm.state)=="up"end
if bB then
F[#F+1]="WezTerm versions differ"end
local dl=dm(h.pendingPlan)if dl~=""then
F[#F+1]=dl
end
return F
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
local F=h.vm.state=="running"and dE(h)or({dT(h,j)})if#F==0 and not as.always then
return""end
if as.always and h.generation~=nil then
F[#F+1]="generation "..G(h.generation)end
return#F==0 and"ascalon: up"or"ascalon: "..table.concat(F,", ")end
end
function a.aH()return{i=a.d("wanted"),g=a.d("link_since"),d=a.d("lost_at"),f=a.d("attempts"),h=a.d("next_at")}end
function a.aM(p)a.c("wanted",p.i)a.c("link_since",p.g)a.c("lost_at",p.d)a.c("attempts",p.f)a.c("next_at",p.h)end
do
local aN,dQ,dy,cT,cv,di,cX
local T=a.z
function aN(e,b,d,h,j)local aw=a.y(e)local bc=(aw and aw:state())=="Attached"dy(b,d,h,j,bc)if bc and a.a.c.keep_local_tab and j-a.d("local_tab_at")>=cX then
a.c("local_tab_at",j)if not a.T(e)then
a.H("keep-local-tab",function(aL)return a.V(aL,b:mux_window())end)end
end
if a.d("started")==0 then
a.c("started",1)if dQ()then
a.H("startup",function(aL)return a.w(aL,b,d,"show")end)end
end
cv(e,b,d,h)end
function dQ()return(a.a.c.attach or a.a.b.attach)=="startup"end
function dy(b,d,h,j,bc)local p=a.aH()local cd=a.aS(p,{now=j,attached=bc,o=a.G(j),status=h})a.aM(cd.e)if p.d==0 and cd.e.d>0 then
a.h(b,"The connection to the VM was lost.")end
local eV=a.ax(j)and cT(h,j)if eV or cd.attach and a.a.c.reattach then
a.c("wish_until",0)a.H("reattach",function(e)return T(e,b,d,a.a.b.domain,"show")end)end
end
function cT(h,j)if h==nil or a.x(h,j)>0 then
return false
end
local co=a.u(h,"mux")return(co and co.state)=="up"end
function cv(e,b,d,h)if h==nil then
return
end
local P=a.d("vm_state")local cu=di(h.vm.state)if P==cu then
return
end
a.c("vm_state",cu)local c=a.K[P]if c~=nil then
a.p(e,"ascalon.vm.changed",b,d,{from=c,to=h.vm.state})end
end
function di(aD)local bm=1
while a.K[bm]~=aD do
bm=bm+1
end
return bm
end
function a.al(h,j)local ac=a.d("notice_until")-j
if ac>0 and ac<=10 and a.W()~=""then
return a.W()end
local i=a.aR(h,j,{always=a.a.c.status=="always"})if a.a.n==nil then
return i
end
return i==""and"ascalon: versions differ"or i..", versions differ"end
cX=5
function a.aL()a.l("update-status",function(e,b,d)local j=os.time()local h=a.C()if a.d("tick_at")~=j then
a.c("tick_at",j)aN(e,b,d,h,j)end
if a.a.c.status~=false then
b:set_right_status(a.al(h,j))end
end)end
end
do
local dB
function dB()for k,z in m(a.a.b.palette)do
a.l(a.B(z.id),function(e,b,d)return a.aN(e,b,d,z)end)end
end
local db="ascalon.handlers"function a.aI()local ea=_G.package
local cW=ea.loaded
if cW[db]==true then
return
end
cW[db]=true
a.l(a.i.attach,function(e,b,d)return a.w(e,b,d,"show")end)a.l(a.i.new_tab,function(e,b,d)return a.w(e,b,d,"tab")end)a.l(a.i.detach,function(e,b)return a.au(e,b)end)a.l(a.i.new_local_tab,function(ei,b,d)return a.aC(b,d)end)a.l(a.i.menu,function(ei,b,d)return a.aQ(b,d)end)a.l(a.i.docs,function()return a.aD()end)dB()a.aK(function(e,b,d,I)if av(I,"ascalon.")then
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
local v=string.byte(az,1)or 0/0
return v>=65 and v<=90 or v>=97 and v<=122
end
function a.aa(Q)local bp=a.m(Q,"+")if bp<0 or bp==#Q-1 then
return nil
end
return{mods=N(Q,0,bp),key=N(Q,bp+1)}end
local ej={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.O(az,eD)local bi={}for k,H in m(a.n(table.concat(a.n(string.upper(eD)," "),""),"|"))do
local f=ej[H]if f~=nil then
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
local aa=""for k,f in m({"ALT","CTRL","LEADER","SHIFT","SUPER"})do
if bi[f]==true then
aa=aa..f.."|"end
end
return aa..aA
end
end
do
local bJ,dn,cS,bE
function bJ(f,E)if E==nil or E==true then
if f=="attach"then
return a.aa(a.a.b.key)end
elseif E~=false then
local Q=dn(E)if Q~=nil then
return Q
end
a.g("keys."..f.." is false, \"CMD|SHIFT+A\" or { key = …, mods = … }")return bJ(f,nil)end
return nil
end
function dn(E)if u(E)=="string"then
return a.aa(E)end
local c=a.e(E)local az=a.b(c.key)if az==nil then
return nil
end
return{key=az,mods=a.b(c.mods)or""}end
function cS(bh,aa)for k,ae in m(bh)do
if u(ae.key)=="string"and a.O(ae.key,ae.mods or"")==aa then
return true
end
end
return false
end
function a.an()local ef=a.a.c
local bT=ef.keys
if bT==false then
return{}end
a.L(bT,a.o,"keys.")local bG={}for k,f in m(a.o)do
local Q=bJ(f,bT[f])if Q~=nil then
bG[#bG+1]={key=Q.key,mods=Q.mods,action=a.r(a.i[f])}end
end
return bG
end
function a.ap(U)local bh=U.keys or({})local aT={}for k,ae in m(a.an())do
local aa=a.O(ae.key,ae.mods or"")if not cS(bh,aa)then
aT[#aT+1]=ae
elseif not bE[aa]then
a.g(aa.." is bound already; left as it is")end
bE[aa]=true
end
for k,ae in m(bh)do
aT[#aT+1]=ae
end
U.keys=aT
end
bE={}end
local R={}local aG
function aG(J,aN)local n,t=K(aN)if not n then
a.v(J,t)end
end
R.version="0.1.0"R.contract_version=a.q
R.action={}for k,f in m(a.o)do
R.action[f]=a.r(a.i[f])end
function R.apply_to_config(U,eI)if s.gui==nil then
return U
end
aG("options",function()a.a.c=a.ad(eI)end)aG("plugin.json",function()return a.aA(a.a.c)end)aG("domains",function()return a.ao(U,a.a.b)end)aG("keys",function()return a.ap(U)end)aG("events",function()return a.aI()end)return U
end
function R.keys()return a.an()end
function R.palette_entries()return a.Z()end
function R.chain_palette()a.N()end
function R.status_text(eX)local n,i=K(function()return a.al(a.C(),os.time())end)return n and i or""end
return R
