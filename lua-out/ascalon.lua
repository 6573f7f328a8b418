-- ascalon 0.1.0: generated from src/wezterm and src/shared, do not edit.
local r=require("wezterm")local function K(self,p,y)if p==nil or p~=p then
p=0
end
if y~=y then
y=0
end
if p>=0 then
p=p+1
end
if y~=nil and y<0 then
y=y-1
end
return string.sub(self,p,y)end
local function dT(g)return type(g)=="table"and(g[1]~=nil or next(g)==nil)end
local function aB(self,aO)if aO~=aO then
aO=0
end
if aO<0 then
return 0/0
end
return string.byte(self,aO+1)or 0/0
end
local function ar(self,dD,aR)if aR==nil or aR<0 then
aR=0
end
return string.sub(self,aR+1,#dD+aR)==dD
end
local a={}a.q=1
a.J={plugin="wezterm/plugin.json",bundle="wezterm/ascalon.lua",status="status.json",socket="sock/mux.sock"}a.au="ascalon"a.aE="ascalon-proxy"a.i={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}a.o={"attach","detach","new_tab","new_local_tab","menu","docs"}a.B=function(F)return"ascalon.cli."..F end
a.r=function(t)return r.action.EmitEvent(t)end
function a.e(g)return type(g)=="table"and g~=nil and g~=nil and g or({})end
function a.b(g)return type(g)=="string"and g or nil
end
function a.f(g)return type(g)=="number"and math.floor(g)or nil
end
function a.k(g,eD)local bf={}if type(g)~="table"or g==nil or not dT(g)then
return bf
end
for k,bN in ipairs(g)do
local df=eD(bN)if df~=nil then
bf[#bf+1]=df
end
end
return bf
end
function a.t(g,eP,bI)for k,D in ipairs(eP)do
if D==g then
return D
end
end
return bI
end
do
local dp,dk
function dp(g)local c=a.e(g)local e=a.b(c.host)local T=a.b(c.guest)if e==nil or T==nil then
return nil
end
return{host=e,guest=T}end
function dk(g)local c=a.e(g)local F=a.b(c.id)local bb=a.b(c.brief)if F==nil or bb==nil then
return nil
end
return{id=F,brief=bb,doc=a.b(c.doc)or"",icon=a.b(c.icon)or"md_server",argv=a.k(c.argv,a.b),runs=a.t(c.runs,{"tab","silent"},"tab")}end
function a.R(aU)return{contract=a.q,ascalon="",cli={},statusPath=aU.."/"..a.J.status,domain=a.au,socketPath=aU.."/"..a.J.socket,proxyDomain=a.aE,proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette={},docsUrl=""}end
function a.aF(g,R)local c=a.e(g)return{contract=a.f(c.contract)or 0,ascalon=a.b(c.ascalon)or"",cli=a.k(c.cli,a.b),statusPath=a.b(c.statusPath)or R.statusPath,domain=a.b(c.domain)or R.domain,socketPath=a.b(c.socketPath)or R.socketPath,proxyDomain=a.b(c.proxyDomain)or R.proxyDomain,proxyCommand=a.k(c.proxyCommand,a.b),attach=a.t(c.attach,{"key","startup"},R.attach),key=a.b(c.key)or R.key,mounts=a.k(c.mounts,dp),palette=a.k(c.palette,dk),docsUrl=a.b(c.docsUrl)or R.docsUrl}end
function a.ar(aa,ef)if aa==a.q then
return nil
end
local dM="The plugin speaks contract "..tostring(a.q)..", ascalon "..ef.." contract "..tostring(aa)return aa<a.q and dM..": upgrade ascalon."or dM..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
end
function a.ab(u)local bJ=io.open(u,"r")if bJ==nil then
return nil
end
local i=bJ:read(65536)bJ:close()return i
end
function a.aa(i)local m,g=pcall(r.json_parse,i)if m then
return g
end
return nil
end
function a.h(i)r.log_warn("ascalon: "..i)end
function a.v(eL,s)r.log_error("ascalon: "..eL..": "..tostring(s))end
do
local dB
function dB(I,bm)local cX=math.min(#I,#bm)local p=0
while p<cX and aB(I,p)==aB(bm,p)do
p=p+1
end
local y=0
while p+y<cX and aB(I,#I-1-y)==aB(bm,#bm-1-y)do
y=y+1
end
return p+y
end
function a.aB(f,eh)for k,bE in ipairs(eh)do
local cT=math.max(#f,#bE)if cT-dB(f,bE)<=2 and cT>3 then
return bE
end
end
return nil
end
end
do
local dn,S,cL
function dn(B)if B==false then
return{open=false,notify=false,attach=false}end
local c=a.e(B)a.L(c,{"attach","notify","open"},"messages.")return{open=S(c,"open",true),notify=S(c,"notify",true),attach=S(c,"attach",true)}end
function S(c,f,bI)local g=c[f]if type(g)=="boolean"then
return g
end
if g~=nil then
a.h(f.." is true or false")end
return bI
end
function a.L(c,X,aS)for f in pairs(c)do
if not cL(f,X)then
local cZ=a.aB(f,X)a.h("unknown option "..aS..f..(cZ==nil and""or"; did you mean "..aS..cZ.."?"))end
end
end
function cL(f,X)for k,eA in ipairs(X)do
if eA==f then
return true
end
end
return false
end
local ex={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.ac(B)if B~=nil and type(B)~="table"then
a.h("the options must be a table")end
local c=a.e(B)a.L(c,ex,"")local P=c.attach
if P~=nil and P~="key"and P~="startup"then
a.h("attach is \"key\" or \"startup\"")end
local ej=type(c.cli)=="string"and({c.cli})or a.k(c.cli,a.b)local dV=a.b(c.plugin_json)local dW=ej
local bv
if c.keys==false then
bv=false
else
bv=a.e(c.keys)end
return{plugin_json=dV,cli=dW,keys=bv,attach=(P=="key"or P=="startup")and P or nil,palette=S(c,"palette",false),status=c.status=="always"and"always"or S(c,"status",false),notifications=S(c,"notifications",true),reattach=S(c,"reattach",true),keep_local_tab=S(c,"keep_local_tab",true),same_place=S(c,"same_place",true),messages=dn(c.messages)}end
end
function a.ai()local bR=os.getenv("XDG_STATE_HOME")local as=bR
return(as and ar(bR,"/")and bR or r.home_dir.."/.local/state").."/ascalon"end
a.a={c=a.ac(nil),b=a.R(a.ai()),k={},n=nil,q=nil}function a.s(f)return f==a.a.b.domain or f==a.a.b.proxyDomain
end
do
local aU=a.ai
function a.aA(ao)local u=ao.plugin_json or aU().."/"..a.J.plugin
r.add_to_config_reload_watch_list(u)local R=a.R(aU())local i=a.ab(u)local g=a.aa(i or"")if i~=nil and type(g)~="table"then
a.h(u.." is damaged")end
a.a.b=type(g)=="table"and a.aF(g,R)or R
a.a.k=#ao.cli>0 and ao.cli or a.a.b.cli
a.a.n=a.ar(a.a.b.contract,a.a.b.ascalon)if a.a.n~=nil then
a.h(a.a.n)end
end
end
do
local bB
function bB(ab,l)for k,X in ipairs(ab)do
if X.name==l.name then
if X.socket_path~=l.socket_path then
a.h("unix_domains already has "..l.name.."; it is left as it is")end
return
end
end
ab[#ab+1]=l
end
function a.an(Q,aa)local ab={}for k,l in ipairs(Q.unix_domains or({{name="unix"}}))do
ab[#ab+1]=l
end
bB(ab,{name=aa.domain,socket_path=aa.socketPath,no_serve_automatically=true})if#aa.proxyCommand>0 then
bB(ab,{name=aa.proxyDomain,proxy_command=aa.proxyCommand,no_serve_automatically=true})end
Q.unix_domains=ab
end
end
do
local cv
function cv(U,T)if U<T then
return"Install a newer WezTerm here (macOS: brew install --cask wezterm@nightly) and start it again, or pin the VM's to this one."end
return"Update the VM's WezTerm: update the flake's nixpkgs input, then run ascalon rebuild."end
function a.aq(U,T)if U==nil or T==nil then
return{verdict="unknown"}end
if U.codec==T.codec then
return{verdict="equal"}end
return{verdict="different",sentence="WezTerm here is "..U.version.." (codec "..tostring(U.codec)..") and the VM's is "..T.version.." (codec "..tostring(T.codec).."); WezTerm attaches only to its own codec.",fix=cv(U.codec,T.codec)}end
end
a.K={"absent","stopped","starting","running","stopping","broken","unknown"}a.az={"off","waiting","up","broken","healing"}function a.x(h,j)if j>h.nextWriteBy then
return j-h.nextWriteBy
end
if h.writtenAt>j+60 then
return h.writtenAt-j
end
return 0
end
function a.u(h,f)for k,q in ipairs(h.links)do
if q.name==f then
return q
end
end
return nil
end
do
local dQ,cA,cz,cy,cG,cF,ba
function dQ(x)if not x.w then
return a.j(a.P,{"Run this once in a terminal: ascalon wezterm install"},{})end
if not x.p then
return{a="ask"}end
return a.j("ascalon gives no answer about the VM.",{"ascalon doctor tells what is wrong."},{"doctor"})end
function cA(h,ag)local ea=h
local aI=ea.vm
if aI.state=="absent"then
return{a="start",sentence="There is no VM yet: making it."}end
if aI.state=="stopped"then
return{a="start",sentence="The VM is stopped: starting it."}end
if aI.state=="starting"then
return{a="start",sentence="The VM is starting: waiting for it."}end
if aI.state=="stopping"then
return{a="start",sentence="The VM is stopping: starting it again."}end
if aI.state=="broken"then
return a.j("The VM is broken"..ba(aI.reason)..".",{"ascalon up repairs it."},{"up","doctor"})end
return cz(h,ag)end
function cz(h,ag)if h.mux.hijacked==true then
return a.j("Another WezTerm server has taken the VM's socket.",{(h.mux.exe or"It").." answers at "..h.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local q=a.u(h,"mux")if q==nil or q.state=="off"then
return{a="start",sentence="The VM runs without a link to WezTerm: making it."}end
if q.state=="waiting"or q.state=="healing"then
return{a="wait",sentence="The link to the VM is being made"..ba(q.reason).."."}end
if q.state=="broken"then
return a.j("The link to the VM is broken"..ba(q.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return cy(h,ag)end
function cy(h,ag)local L=ag==nil and h.codec or a.aq(cG(h,ag),cF(h))if L.verdict~="different"then
return{a="attach"}end
return a.j(a.al,{L.sentence or"",L.fix or""},{"rebuild","doctor"})end
function cG(h,bj)for k,U in ipairs(h.gui)do
if U.pid==bj then
return U
end
end
return nil
end
function cF(h)local cm=h.mux
local aN=cm.codec
local eK=cm.version
if aN==nil then
return nil
end
return{codec=aN,version=eK or"of unknown version"}end
function ba(ai)return(ai==nil or ai=="")and""or": "..ai
end
a.j=function(bL,ah,ez)return{a="explain",m=bL,t=ah,u=ez}end
a.al="WezTerm here and in the VM speak different versions."a.P="The plugin does not know where ascalon is."function a.as(x)if x.o then
return{a="busy"}end
if x.domain=="unregistered"then
return a.j("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
if x.domain=="attached"then
return{a=x.y and"focus"or"spawn"}end
local h=x.status
if h==nil or a.x(h,x.now)>0 and not x.p then
return dQ(x)end
return cA(h,x.x)end
end
function a.n(i,G)return(string.find(i,G,nil,true)or 0)-1
end
function a.m(i,bU)local aQ={}local v=i
do
local at=a.n(v,bU)while at>=0 do
aQ[#aQ+1]=K(v,0,at)v=K(v,at+#bU)at=a.n(v,bU)end
end
aQ[#aQ+1]=v
return aQ
end
do
local cI,aE,ak
function cI(i)if aE(i,"failed to connect to Socket")then
return"Nothing listens at the VM's socket."end
if aE(i,"Timed out while parsing")then
return"The VM accepts the connection and does not answer."end
if aE(i,"EOF while reading")or aE(i,"os error 104")or aE(i,"Internal channel was closed")then
return"The link is open and the VM's WezTerm server does not answer behind it."end
return"WezTerm could not attach to the VM."end
function a.av(eC)local i=ak(eC,"\nstack traceback:")local k,dF,aH=table.unpack(a.m(i,"(codec version "),1,3)if dF~=nil and aH~=nil then
local n="Codec "..ak(aH,")").." here and "..ak(dF,")").." in the VM; WezTerm attaches only to its own codec."return a.j(a.al,{n},{"rebuild","doctor"})end
return a.j(cI(i),{string.sub(ak(i,"\n"),1,200)},{"doctor","heal"})end
aE=function(i,G)return a.n(i,G)>=0 end
ak=function(i,G)return a.m(i,G)[1]or""end
end
do
local bK,aX
function bK(t,V)return function(b,d,en,eF)local m,s=pcall(V,aX,b,d,en,eF)if m then
return
end
a.v(t,s)a.p(aX,"ascalon.error",b,d,{event=t,message=tostring(s)})end
end
function a.p(e,t,b,d,el)local m,s=pcall(e.emit,t,b,d,el)if not m then
a.h("a handler of "..t..": "..tostring(s))end
end
aX=r
function a.l(t,V)r.on(t,bK(t,V))end
function a.ap(t,V)return r.action_callback(bK(t,V))end
function a.H(t,aJ)r.time.call_after(0.01,function()local m,s=pcall(aJ,aX)if not m then
a.v(t,s)end
end)end
end
function a.d(f)local g=r.GLOBAL["ascalon_"..f]return type(g)=="number"and g or 0
end
function a.c(f,g)r.GLOBAL["ascalon_"..f]=g
end
do
local eI=10
local al={text=""}function a.g(b,i)r.log_info("ascalon: "..i)al.text=i
a.c("notice_until",os.time()+eI)if a.a.c.notifications then
pcall(function()return b:toast_notification("ascalon",i,nil,5000)end)end
end
function a.V()return al.text
end
end
do
local cM,dR
function a.ag(b,d,bL,z)local cn=a.a.q
if cn==nil then
return
end
local eG=r.action.InputSelector({title="ascalon",description=bL,choices=z,action=cn})b:perform_action(eG,d)end
function cM(Y)if Y=="proxy"then
return#a.a.b.proxyCommand>0
end
return#a.a.k>0
end
function dR(i,eM)local ah={}local n=""for k,D in ipairs(a.m(i," "))do
if n~=""and#n+1+#D>eM then
ah[#ah+1]=n
n=D
else
n=n==""and D or n.." "..D
end
end
if n~=""then
ah[#ah+1]=n
end
return ah
end
function a.ah(b,d,au)a.g(b,au.m)local z={}for k,Y in ipairs(au.u)do
if cM(Y)then
z[#z+1]={label=Y=="proxy"and"Attach over ssh instead"or"Run ascalon "..Y,id=Y}end
end
for k,n in ipairs(au.t)do
for k,G in ipairs(dR(n,76))do
z[#z+1]={label=G,id=""}end
end
z[#z+1]={label="Close",id=""}a.ag(b,d,au.m,z)end
function a.aK(ei)a.a.q=a.ap("ascalon.chosen",function(e,b,d,F)if F~=nil and F~=""then
ei(e,b,d,F)end
end)end
function a.aD()if a.a.b.docsUrl~=""then
r.open_with(a.a.b.docsUrl)end
end
end
function a.D(d)local m,f=pcall(function()return d:get_domain_name()end)return m and f or nil
end
function a.E(eN,et)for k,b in ipairs(eN)do
for k,dL in ipairs(b:tabs())do
for k,d in ipairs(dL:panes())do
local l=a.D(d)if l~=nil and et(l)then
return{window=b,tab=dL,pane=d}end
end
end
end
return nil
end
do
a.aP={ask=20,attach=90,spawn=10}local eu=90
function a.G(j)local I=a.d("busy_until")-j
return I>0 and I<=eu
end
function a.A(j,aF)local J=a.d("ticket")+1
a.c("ticket",J)a.c("busy_until",j+aF)return J
end
function a.T(J)return a.d("ticket")==J
end
function a.F(J)if a.T(J)then
a.c("busy_until",0)end
end
end
do
function a.X(u)local bg={}local v=u
while v~=""do
local bc=(string.find(v,"/",nil,true)or 0)-1
local G=bc==-1 and v or K(v,0,bc)v=bc==-1 and""or K(v,bc+1)if G==".."then
table.remove(bg)elseif G~=""and G~="."then
bg[#bg+1]=G
end
end
return"/"..table.concat(bg,"/")end
local function cu(ad,u)if ad=="/"then
return u=="/"and""or u
end
if u==ad then
return""end
local p=ad.."/"return K(u,0,#p)==p and K(u,#ad)or nil
end
local function da(u,an,aT)local ae
for k,am in ipairs(an)do
do
if cu(am[aT],u)==nil then
goto eb
end
if ae==nil or#am[aT]>#ae[aT]then
ae=am
end
end::eb::end
return ae
end
local function cU(u,an,c,bo)local dc=a.X(u)local am=da(dc,an,c)if am==nil then
return nil
end
local cV=a.X(am[bo]..(cu(am[c],dc)or""))local cx=da(cV,an,bo)return cx~=nil and cx[bo]==am[bo]and cV or nil
end
function a.aU(er,an)return cU(er,an,"host","guest")end
function a.aV(eo,an)return cU(eo,an,"guest","host")end
end
do
local bS,cC,cD,bM
function bS(d,aT)local l=a.D(d)if not a.a.c.same_place or l==nil then
return nil
end
local af=a.s(l)if not af and l~="local"then
return nil
end
local ad=cC(d,af)if ad==nil or af==(aT=="vm")then
return ad
end
local br
if af then
br=a.aV(ad,a.a.b.mounts)else
br=a.aU(ad,a.a.b.mounts)end
return br
end
function cC(d,af)local m,aq=pcall(function()return d:get_current_working_dir()end)if not m or aq==nil then
return nil
end
if type(aq)=="string"then
return cD(aq,af)end
return(af or bM(aq.host or""))and aq.file_path or nil
end
function cD(aq,af)if not ar(aq,"file://")then
return nil
end
local v=string.sub(aq,8)local bV=a.n(v,"/")if bV<0 then
return nil
end
return(af or bM(K(v,0,bV)))and K(v,bV)or nil
end
function bM(e)return e==""or e=="localhost"or e==r.hostname()end
function a.W(b,d,l)b:mux_window():spawn_tab({domain={DomainName=l},cwd=bS(d,"vm")})end
function a.aC(b,d)b:mux_window():spawn_tab({domain={DomainName="local"},cwd=bS(d,"local")})end
end
do
local dm,dl,ds,dq,dj,dr
function dm(g)local c=a.e(g)local f=a.b(c.name)if f==nil then
return nil
end
return{name=f,state=a.t(c.state,a.az,"off"),reason=a.b(c.reason),since=a.f(c.since)or 0,rttMs=type(c.rttMs)=="number"and c.rttMs or nil,nextAttemptAt=a.f(c.nextAttemptAt)}end
function dl(g)local c=a.e(g)local bj=a.f(c.pid)local aN=a.f(c.codec)if bj==nil or aN==nil then
return nil
end
return{pid=bj,codec=aN,version=a.b(c.version)or"of unknown version"}end
function a.aG(g)local c=a.e(g)local dC=a.f(c.schema)local dS=a.f(c.writtenAt)local db=a.f(c.nextWriteBy)if dC==nil or dS==nil or db==nil then
return nil
end
return{schema=dC,writtenAt=dS,nextWriteBy=db,ascalon=a.b(c.ascalon)or"",vm=ds(a.e(c.vm)),links=a.k(c.links,dm),mux=dq(a.e(c.mux)),gui=a.k(c.gui,dl),codec=dj(a.e(c.codec)),generation=a.f(c.generation),pendingPlan=type(c.pendingPlan)=="table"and dr(a.e(c.pendingPlan))or nil,attention=a.k(c.attention,function(bN)return a.b(bN)end)}end
ds=function(c)return{state=a.t(c.state,a.K,"unknown"),since=a.f(c.since)or 0,reason=a.b(c.reason)}end
dq=function(c)return{socketPath=a.b(c.socketPath)or"",codec=a.f(c.codec),version=a.b(c.version),exe=a.b(c.exe),hijacked=c.hijacked==true}end
dj=function(c)return{verdict=a.t(c.verdict,{"equal","different","unknown"},"unknown"),sentence=a.b(c.sentence),fix=a.b(c.fix)}end
dr=function(c)return{restart=a.f(c.restart)or 0,rebuild=a.f(c.rebuild)or 0,recreate=a.f(c.recreate)or 0}end
end
do
function a.aj(i)return a.aG(a.aa(i))end
local aL={text=nil,status=nil}function a.C()local i=a.ab(a.a.b.statusPath)if i==aL.text then
return aL.status
end
aL.text=i
aL.status=a.aj(i or"")return aL.status
end
end
do
local co,cw
function co(e,F)local d=e.mux.get_pane(F)if d==nil then
return false
end
local as=d:tab()if as~=nil then
as:activate()end
d:activate()return true
end
function a.aw(e)local function es(l)return not a.s(l)and l~=cw
end
return a.E(e.mux.all_windows(),es)~=nil
end
local cB="code=$?; printf '\\n[ended with %s; Enter closes this tab] ' \"$code\"; read -r _; exit \"$code\""local ep="\"$@\"; "..cB
local eq="\"$@\" && { sleep 1; exit 0; }; "..cB
function a.Q(O)local n={}for k,D in ipairs(a.a.k)do
n[#n+1]=D
end
for k,D in ipairs(O)do
n[#n+1]=D
end
return n
end
local function dG(eE,O)local n={"/bin/sh","-c",eE,"sh"}for k,D in ipairs(a.Q(O))do
n[#n+1]=D
end
return n
end
local function bW(b,ee)return b:spawn_tab({domain={DomainName="local"},args=ee})end
function a.ae(b,O)bW(b:mux_window(),dG(ep,O))end
function a.af(e,b)local X=a.d("up_pane")if X>0 then
local m,bn=pcall(function()return co(e,X-1)end)if m and bn then
return
end
end
local k,d=bW(b:mux_window(),dG(eq,{"up","--attach"}))a.c("up_pane",d:pane_id()+1)end
function a.U(e,b)if a.aw(e)then
return
end
local bn=b:active_tab()bW(b)if bn~=nil then
bn:activate()end
end
cw="TermWizTerminalDomain"function a.ad(e,O)local dx={success=false,stdout="",stderr=""}local m,s=pcall(function()local aW,aV,bX=e.run_child_process(a.Q(O))dx={success=aW,stdout=aV,stderr=bX}end)return m and dx or({success=false,stdout="",stderr=tostring(s)})end
end
do
local bG,ag,cr,bz,bH,p,dH,ce,cs
local ay=a.aP
function bG(e,h,eg)local l=a.y(e)return a.as({now=os.time(),status=h,domain=l==nil and"unregistered"or(l:state()=="Attached"and"attached"or"detached"),y=(l and l:has_any_panes())==true,o=a.G(os.time()),p=eg,w=#a.a.k>0,x=ag()})end
function a.y(e)local bT=e.mux.get_domain(a.a.b.proxyDomain)if(bT and bT:state())=="Attached"then
return bT
end
return e.mux.get_domain(a.a.b.domain)end
function ag()local dI=os.getenv("WEZTERM_UNIX_SOCKET")or""local at=a.n(dI,"gui-sock-")local by
if at<0 then
by=nil
else
by=tonumber(K(dI,at+9))end
return by
end
function cr(e,b,d,aj)local J=a.A(os.time(),ay.ask)local cl=a.ad(e,{"attach","--json"})local aW=cl.success
local aV=cl.stdout
if not a.T(J)then
return
end
a.F(J)local dX=bG
local dY=e
local bu
if aW then
bu=a.aj(aV)else
bu=nil
end
local A=dX(dY,bu,true)bz(e,b,d,aj,A)end
function bz(e,b,d,aj,A)if A.a=="attach"then
a.z(e,b,d,a.a.b.domain,aj)elseif A.a=="focus"and aj=="show"then
dH(e,b)elseif A.a=="focus"or A.a=="spawn"then
a.W(b,d,cs(e))elseif A.a=="start"then
p(e,b,A.sentence)elseif A.a=="wait"then
a.c("wish_until",os.time()+ce)a.g(b,A.sentence)elseif A.a=="explain"then
bH(e,b,d,A)end
end
function bH(e,b,d,au)a.ah(b,d,au)a.p(e,"ascalon.attach.failed",b,d,{message=au.m})end
function p(e,b,eH)local J=a.A(os.time(),ay.spawn)a.g(b,eH)local m,s=pcall(a.af,e,b)a.F(J)if not m then
a.g(b,"ascalon could not be started: "..tostring(s))end
end
function a.z(e,b,d,f,aj)local l=e.mux.get_domain(f)if l==nil or a.G(os.time())then
return
end
local J=a.A(os.time(),ay.attach)a.p(e,"ascalon.attach.start",b,d,{domain=f})local m,s=pcall(function()return l:attach(b:mux_window())end)a.F(J)if not m then
bH(e,b,d,a.av(tostring(s)))return
end
a.c("wanted",1)if aj=="tab"or not l:has_any_panes()then
a.W(b,d,f)end
a.p(e,"ascalon.attach.finished",b,d,{domain=f})end
function dH(e,b)local cJ=b:mux_window()local ae=a.E({cJ},a.s)or a.E(e.mux.all_windows(),a.s)if ae==nil then
return
end
ae.tab:activate()if ae.window:window_id()~=cJ:window_id()then
local ci=ae.window:gui_window()if ci~=nil then
ci:focus()end
end
end
ce=30
function a.w(e,b,d,aj)local A=bG(e,a.C(),false)if A.a=="ask"then
cr(e,b,d,aj)else
bz(e,b,d,aj,A)end
end
cs=function(e)local ck=a.y(e)return ck and ck:name()or a.a.b.domain
end
function a.ax(j)local I=a.d("wish_until")-j
return I>0 and I<=ce
end
end
do
local dy,bP
local P=a.z
function dy(e,b,d,O)local f="ascalon "..table.concat(O," ")a.g(b,f.." …")local bs=a.ad(e,O)local aW=bs.success
local aV=bs.stdout
local bX=bs.stderr
if aW then
local dA=bP(aV,1)[1]a.g(b,dA==nil and f..": done"or f..": "..dA)return
end
local ah=bP(bX,5)a.ah(b,d,{a="explain",m=f.." failed.",t=ah,u={"doctor"}})end
function bP(i,ek)local al={}for k,n in ipairs(a.m(i,"\n"))do
if n~=""then
al[#al+1]=string.sub(n,1,200)end
if#al>ek then
table.remove(al,1)end
end
return al
end
function a.aN(e,b,d,w)if#a.a.k==0 then
a.g(b,a.P)elseif w.runs=="tab"then
a.ae(b,w.argv)else
dy(e,b,d,w.argv)end
end
function a.aO(e,b,d,Y)if Y=="up"then
a.af(e,b)elseif Y=="proxy"then
P(e,b,d,a.a.b.proxyDomain,"show")else
a.ae(b,{Y})end
end
end
function a.at(e,b)a.c("wanted",0)a.c("wish_until",0)local l=a.y(e)if l==nil or l:state()~="Attached"then
a.g(b,"The VM is not attached.")return
end
a.U(e,b:mux_window())local m,s=pcall(function()return l:detach()end)if not m then
a.g(b,"WezTerm could not detach the VM: "..tostring(s))end
end
do
local cQ,cP,ax,bq,bp
function cQ(g)if#g>a.I.open then
return bp
end
if not ar(g,"https://")and not ar(g,"http://")then
return ax("not a web address")end
do
local H=0
while H<#g do
local E=aB(g,H)if E<=32 or E>=127 or E==34 or E==39 or E==92 or E==96 then
return ax("a bad character")end
H=H+1
end
end
return{a="open",value=g}end
function cP(g)if g==""then
return ax("empty")end
if#g>a.I.notify then
return bp
end
do
local H=0
while H<#g do
local E=aB(g,H)if E<32 or E==127 then
return ax("a bad character")end
H=H+1
end
end
return{a="notify",value=g}end
a.I={open=2048,notify=300,attach=64}function a.ay(f,g,c,bZ)if f=="ascalon.open"and bZ.open then
return c=="vm"and cQ(g)or bq
end
if f=="ascalon.notify"and bZ.notify then
return c=="vm"and cP(g)or bq
end
if f=="ascalon.attach"and bZ.attach then
if c~="local"then
return bq
end
return#g>a.I.attach and bp or({a="attach",value=g})end
return{a="ignore"}end
ax=function(ai)return{a="refuse",reason=ai}end
bq=ax("not from that pane")bp=ax("too long")function a.aT(o,j,aF,ay)if j-o.j>=ay or j<o.j then
return{v=true,e={j=j,l=1}}end
return{v=o.l<aF,e={j=o.j,l=o.l+1}}end
end
do
local du,de,cH,aF,dP
function du(e,b,d,f,g)if not ar(f,"ascalon.")then
return
end
local L=a.ay(f,g,de(d),a.a.c.messages)if L.a=="ignore"then
return
end
if L.a=="refuse"then
a.h(f.." refused: "..L.reason)return
end
if not cH(L.a)then
return
end
if L.a=="open"then
r.open_with(L.value)elseif L.a=="notify"then
a.g(b,"VM: "..L.value)else
a.w(e,b,d,"show")end
end
function de(d)local l=a.D(d)if l=="local"then
return"local"end
return l~=nil and a.s(l)and"vm"or"other"end
function cH(bh)local o={j=a.d(bh.."_window"),l=a.d(bh.."_count")}local cb=a.aT(o,os.time(),aF,dP)a.c(bh.."_window",cb.e.j)a.c(bh.."_count",cb.e.l)return cb.v
end
aF=5
dP=10
function a.aJ()a.l("user-var-changed",function(e,b,d,f,g)if type(f)=="string"and type(g)=="string"then
du(e,b,d,f,g)end
end)end
end
do
local ct,bD,aZ,aM
function a.Y()local ac={}for k,f in ipairs(a.o)do
local cY=bD[f]if f~="menu"and(f~="docs"or a.a.b.docsUrl~="")then
ac[#ac+1]={brief="ascalon: "..cY[1],icon=cY[2],action=a.r(a.i[f])}end
end
for k,w in ipairs(a.a.b.palette)do
local bb="ascalon: "..w.brief
ac[#ac+1]={brief=bb,doc=w.doc,icon=w.icon,action=a.r(a.B(w.id))}end
return ac
end
function ct(b,d)local ac=a.Y()for k,V in ipairs(aM.r)do
local m,ca=pcall(V,b,d)if not m then
a.v("another "..aZ.." handler",ca)elseif type(ca)=="table"then
for k,w in ipairs(ca)do
ac[#ac+1]=w
end
end
end
return ac
end
bD={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.aQ(b,d)local z={}for k,f in ipairs(a.o)do
if f~="menu"then
z[#z+1]={label=bD[f][1],id=a.i[f]}end
end
for k,w in ipairs(a.a.b.palette)do
z[#z+1]={label=w.brief,id=a.B(w.id)}end
a.ag(b,d,"ascalon",z)end
aZ="augment-command-palette"aM={s=false,r={}}function a.N()if aM.s then
return
end
aM.s=true
local dv=r.on
dv(aZ,ct)r.on=function(t,V)if t==aZ then
local cf=aM.r
cf[#cf+1]=V
else
dv(t,V)end
end
end
end
do
local dO,ap,dE
function dO(aD)local cc=2
do
local H=0
while H<aD do
cc=cc*2
H=H+1
end
end
return cc
end
a.S={i=0,g=0,d=0,f=0,h=0}local ev=5
local em=20
function a.aS(o,x)local cg=x
local j=cg.now
local h=cg.status
local cE=h~=nil and a.x(h,j)==0 and h or nil
local bw
if cE==nil then
bw=nil
else
bw=a.u(cE,"mux")end
local q=bw
local aK=o
local cd=aK.i
local aG=aK.g
local bQ=aK.d
local aD=aK.f
local ey=aK.h
if x.attached then
return ap(dE(q==nil and aG or q.since))end
if cd==0 or x.o then
return ap(o)end
if bQ==0 then
return ap({i=cd,g=aG,d=j,f=aD,h=j})end
if q==nil or q.state~="up"then
return ap(o)end
if q.since<=aG then
return ap(j-bQ>em and a.S or o)end
if j<ey then
return ap(o)end
if aD>=ev then
return ap(a.S)end
local next=j+dO(aD)return{attach=true,e={i=cd,g=aG,d=bQ,f=aD+1,h=next}}end
ap=function(o)return{e=o,attach=false}end
dE=function(aG)return{i=1,g=aG,d=0,f=0,h=0}end
end
function a.M(ay)local aA=math.floor(math.max(ay,0))if aA<60 then
return tostring(aA).." s"end
if aA<3600 then
return tostring(math.floor(aA/60)).." min"end
if aA<172800 then
return tostring(math.floor(aA/3600)).." h"end
return tostring(math.floor(aA/86400)).." d"end
do
local dN,dz,dh
function dN(h,j)local bt=h.vm
local az=bt.state
local eJ=bt.since
local ai=bt.reason
if az=="starting"or az=="stopping"then
return az.." "..a.M(j-eJ)end
return(ai==nil or ai=="")and az or az.." ("..ai..")"end
function dz(h)local C={}for k,q in ipairs(h.links)do
if q.state=="broken"or q.state=="healing"then
C[#C+1]=q.name.." "..q.state
end
end
if h.mux.hijacked==true then
C[#C+1]="mux hijacked"end
local bx=h.codec.verdict=="different"if bx then
local ch=a.u(h,"mux")bx=(ch and ch.state)=="up"end
if bx then
C[#C+1]="WezTerm versions differ"end
local dg=dh(h.pendingPlan)if dg~=""then
C[#C+1]=dg
end
return C
end
function dh(bk)if bk==nil then
return""end
if bk.recreate>0 then
return"recreate pending"end
if bk.restart>0 then
return"restart pending"end
return bk.rebuild>0 and"rebuild pending"or""end
function a.aR(h,j,ao)if h==nil then
return ao.always and"ascalon: unknown"or""end
local dJ=a.x(h,j)if dJ>0 then
return"ascalon: no news for "..a.M(dJ)end
if h.vm.state=="absent"then
return ao.always and"ascalon: no VM"or""end
local C=h.vm.state=="running"and dz(h)or({dN(h,j)})if#C==0 and not ao.always then
return""end
if ao.always and h.generation~=nil then
C[#C+1]="generation "..tostring(h.generation)end
return#C==0 and"ascalon: up"or"ascalon: "..table.concat(C,", ")end
end
function a.aH()return{i=a.d("wanted"),g=a.d("link_since"),d=a.d("lost_at"),f=a.d("attempts"),h=a.d("next_at")}end
function a.aM(o)a.c("wanted",o.i)a.c("link_since",o.g)a.c("lost_at",o.d)a.c("attempts",o.f)a.c("next_at",o.h)end
do
local aJ,dK,dt,cO,cq,dd,cS
local P=a.z
function aJ(e,b,d,h,j)local as=a.y(e)local aY=(as and as:state())=="Attached"dt(b,d,h,j,aY)if aY and a.a.c.keep_local_tab and j-a.d("local_tab_at")>=cS then
a.c("local_tab_at",j)a.H("keep-local-tab",function(aH)return a.U(aH,b:mux_window())end)end
if a.d("started")==0 then
a.c("started",1)if dK()then
a.H("startup",function(aH)return a.w(aH,b,d,"show")end)end
end
cq(e,b,d,h)end
function dK()return(a.a.c.attach or a.a.b.attach)=="startup"end
function dt(b,d,h,j,aY)local o=a.aH()local bY=a.aS(o,{now=j,attached=aY,o=a.G(j),status=h})a.aM(bY.e)if o.d==0 and bY.e.d>0 then
a.g(b,"The connection to the VM was lost.")end
local eO=a.ax(j)and cO(h,j)if eO or bY.attach and a.a.c.reattach then
a.c("wish_until",0)a.H("reattach",function(e)return P(e,b,d,a.a.b.domain,"show")end)end
end
function cO(h,j)if h==nil or a.x(h,j)>0 then
return false
end
local cj=a.u(h,"mux")return(cj and cj.state)=="up"end
function cq(e,b,d,h)if h==nil then
return
end
local ak=a.d("vm_state")local cp=dd(h.vm.state)if ak==cp then
return
end
a.c("vm_state",cp)local c=a.K[ak]if c~=nil then
a.p(e,"ascalon.vm.changed",b,d,{from=c,to=h.vm.state})end
end
function dd(az)local bi=1
while a.K[bi]~=az do
bi=bi+1
end
return bi
end
function a.ak(h,j)local I=a.d("notice_until")-j
if I>0 and I<=10 and a.V()~=""then
return a.V()end
local i=a.aR(h,j,{always=a.a.c.status=="always"})if a.a.n==nil then
return i
end
return i==""and"ascalon: versions differ"or i..", versions differ"end
cS=5
function a.aL()a.l("update-status",function(e,b,d)local j=os.time()local h=a.C()if a.d("tick_at")~=j then
a.c("tick_at",j)aJ(e,b,d,h,j)end
if a.a.c.status~=false then
b:set_right_status(a.ak(h,j))end
end)end
end
do
local dw
function dw()for k,w in ipairs(a.a.b.palette)do
a.l(a.B(w.id),function(e,b,d)return a.aN(e,b,d,w)end)end
end
local cW="ascalon.handlers"function a.aI()local dU=_G.package
local cR=dU.loaded
if cR[cW]==true then
return
end
cR[cW]=true
a.l(a.i.attach,function(e,b,d)return a.w(e,b,d,"show")end)a.l(a.i.new_tab,function(e,b,d)return a.w(e,b,d,"tab")end)a.l(a.i.detach,function(e,b)return a.at(e,b)end)a.l(a.i.new_local_tab,function(ec,b,d)return a.aC(b,d)end)a.l(a.i.menu,function(ec,b,d)return a.aQ(b,d)end)a.l(a.i.docs,function()return a.aD()end)dw()a.aK(function(e,b,d,F)if ar(F,"ascalon.")then
b:perform_action(a.r(F),d)else
a.aO(e,b,d,F)end
end)a.aJ()a.aL()if a.a.c.palette then
a.N()end
end
end
do
local cK
function cK(av)if#av~=1 then
return false
end
local E=string.byte(av,1)or 0/0
return E>=65 and E<=90 or E>=97 and E<=122
end
function a.Z(M)local bl=a.n(M,"+")if bl<0 or bl==#M-1 then
return nil
end
return{mods=K(M,0,bl),key=K(M,bl+1)}end
local ed={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.O(av,ew)local be={}for k,D in ipairs(a.m(table.concat(a.m(string.upper(ew)," "),""),"|"))do
local f=ed[D]if f~=nil then
be[f]=true
end
end
local aw=av
for k,aS in ipairs({"phys:","mapped:","raw:"})do
if ar(aw,aS)then
aw=K(aw,#aS)end
end
if cK(aw)then
if be.SHIFT==true then
aw=string.upper(aw)end
be.SHIFT=false
end
local W=""for k,f in ipairs({"ALT","CTRL","LEADER","SHIFT","SUPER"})do
if be[f]==true then
W=W..f.."|"end
end
return W..aw
end
end
do
local bF,di,cN,bA
function bF(f,B)if B==nil or B==true then
if f=="attach"then
return a.Z(a.a.b.key)end
elseif B~=false then
local M=di(B)if M~=nil then
return M
end
a.h("keys."..f.." is false, \"CMD|SHIFT+A\" or { key = …, mods = … }")return bF(f,nil)end
return nil
end
function di(B)if type(B)=="string"then
return a.Z(B)end
local c=a.e(B)local av=a.b(c.key)if av==nil then
return nil
end
return{key=av,mods=a.b(c.mods)or""}end
function cN(bd,W)for k,Z in ipairs(bd)do
if type(Z.key)=="string"and a.O(Z.key,Z.mods or"")==W then
return true
end
end
return false
end
function a.am()local dZ=a.a.c
local bO=dZ.keys
if bO==false then
return{}end
a.L(bO,a.o,"keys.")local bC={}for k,f in ipairs(a.o)do
local M=bF(f,bO[f])if M~=nil then
bC[#bC+1]={key=M.key,mods=M.mods,action=a.r(a.i[f])}end
end
return bC
end
function a.ao(Q)local bd=Q.keys or({})local aP={}for k,Z in ipairs(a.am())do
local W=a.O(Z.key,Z.mods or"")if not cN(bd,W)then
aP[#aP+1]=Z
elseif not bA[W]then
a.h(W.." is bound already; left as it is")end
bA[W]=true
end
for k,Z in ipairs(bd)do
aP[#aP+1]=Z
end
Q.keys=aP
end
bA={}end
local N={}local aC
function aC(G,aJ)local m,s=pcall(aJ)if not m then
a.v(G,s)end
end
N.version="0.1.0"N.contract_version=a.q
N.action={}for k,f in ipairs(a.o)do
N.action[f]=a.r(a.i[f])end
function N.apply_to_config(Q,eB)if r.gui==nil then
return Q
end
aC("options",function()a.a.c=a.ac(eB)end)aC("plugin.json",function()return a.aA(a.a.c)end)aC("domains",function()return a.an(Q,a.a.b)end)aC("keys",function()return a.ao(Q)end)aC("events",function()return a.aI()end)return Q
end
function N.keys()return a.am()end
function N.palette_entries()return a.Y()end
function N.chain_palette()a.N()end
function N.status_text(eQ)local m,i=pcall(function()return a.ak(a.C(),os.time())end)return m and i or""end
return N
