-- ascalon 0.1.0, contract 1: generated from src/wezterm and src/shared, do not edit.
local K,m,G,z=pcall,ipairs,tostring,type
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
local function dS(g)return z(g)=="table"and(g[1]~=nil or next(g)==nil)end
local function aF(self,aQ)if aQ~=aQ then
aQ=0
end
if aQ<0 then
return 0/0
end
return string.byte(self,aQ+1)or 0/0
end
local function au(self,dB,aT)if aT==nil or aT<0 then
aT=0
end
return string.sub(self,aT+1,#dB+aT)==dB
end
local a={}a.r=1
a.J={plugin="wezterm/plugin.json",bundle="wezterm/ascalon.lua",status="status.json",socket="sock/mux.sock"}a.aw="ascalon"a.aH="ascalon-proxy"a.i={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}a.p={"attach","detach","new_tab","new_local_tab","menu","docs"}a.z=function(I)return"ascalon.cli."..I end
a.s=function(v)return s.action.EmitEvent(v)end
function a.e(g)return z(g)=="table"and g~=nil and g or({})end
function a.b(g)return z(g)=="string"and g or nil
end
function a.f(g)return z(g)=="number"and math.floor(g)or nil
end
function a.j(g,eC)local bi={}if not dS(g)then
return bi
end
for k,es in m(g)do
local dd=eC(es)if dd~=nil then
bi[#bi+1]=dd
end
end
return bi
end
function a.n(g,ch,bJ)for k,H in m(ch)do
if H==g then
return H
end
end
return bJ
end
a.aG="up;Start the VM;md_play;tab\nshell;Shell in the VM;md_console;tab\nstatus;Show the VM's status;md_information;tab\nstop;Stop the VM;md_stop;silent\nrestart;Restart the VM;md_restart;tab\nrebuild;Rebuild the guest;md_hammer_wrench;tab\nheal;Repair the links;md_bandage;silent\ndoctor;Look for what is wrong (doctor);md_stethoscope;tab\nlogs;Show the logs;md_text_box_search;tab\nagent logs;Show the agent's log;md_text_box;tab\nconfig edit;Edit the settings;md_cog;tab"function a.o(i,J)return(string.find(i,J,nil,true)or 0)-1
end
function a.m(i,bW)local aS={}local y=i
do
local aw=a.o(y,bW)while aw>=0 do
aS[#aS+1]=N(y,0,aw)y=N(y,aw+#bW)aw=a.o(y,bW)end
end
aS[#aS+1]=y
return aS
end
do
local dp,dl,bV
function dp(eD)local ch,aH,eo,eE=table.unpack(a.m(eD,";"),1,4)local L=a.m(ch," ")return bV({id=table.concat(L,"-"),brief=aH,icon=eo,argv=L,runs=eE})end
function dl(g)local b=a.e(g)local e=a.b(b.host)local V=a.b(b.guest)if e==nil or V==nil then
return nil
end
return{host=e,guest=V}end
function bV(g)local b=a.e(g)local I=a.b(b.id)local aH=a.b(b.brief)if I==nil or aH==nil then
return nil
end
return{id=I,brief=aH,doc=a.b(b.doc)or"",icon=a.b(b.icon)or"md_server",argv=a.j(b.argv,a.b),runs=a.n(b.runs,{"tab","silent"},"tab")}end
function a.R(aW,eA)return{contract=a.r,ascalon="",cli={},statusPath=aW.."/"..a.J.status,domain=a.aw,socketPath=aW.."/"..a.J.socket,proxyDomain=a.aH,proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette=eA,docsUrl=""}end
function a.aI(g,T)local b=a.e(g)return{contract=a.f(b.contract)or 0,ascalon=a.b(b.ascalon)or"",cli=a.j(b.cli,a.b),statusPath=a.b(b.statusPath)or T.statusPath,domain=a.b(b.domain)or T.domain,socketPath=a.b(b.socketPath)or T.socketPath,proxyDomain=a.b(b.proxyDomain)or T.proxyDomain,proxyCommand=a.j(b.proxyCommand,a.b),attach=a.n(b.attach,{"key","startup"},T.attach),key=a.b(b.key)or T.key,mounts=a.j(b.mounts,dl),palette=a.j(b.palette,bV),docsUrl=a.b(b.docsUrl)or T.docsUrl}end
function a.at(ac,eb)if ac==a.r then
return nil
end
local dM="The plugin speaks contract "..G(a.r)..", ascalon "..eb.." contract "..G(ac)return ac<a.r and dM..": upgrade ascalon."or dM..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
a.aF=function()return a.j(a.m(a.aG,"\n"),dp)end
end
function a.ad(x)local bK=io.open(x,"r")if bK==nil then
return nil
end
local i=bK:read(65536)bK:close()return i
end
function a.ac(i)local n,g=K(s.json_parse,i)if n then
return g
end
return nil
end
function a.g(i)s.log_warn("ascalon: "..i)end
function a.u(eL,t)local i=G(t)if a.o(i,"not found")>=0 then
a.g(i)else
s.log_error("ascalon: "..eL..": "..i)end
end
do
local dz
function dz(Z,bq)local cV=math.min(#Z,#bq)local q=0
while q<cV and aF(Z,q)==aF(bq,q)do
q=q+1
end
local B=0
while q+B<cV and aF(Z,#Z-1-B)==aF(bq,#bq-1-B)do
B=B+1
end
return q+B
end
function a.aC(f,ed)for k,bF in m(ed)do
local cS=math.max(#f,#bF)if cS-dz(f,bF)<=2 and cS>3 then
return bF
end
end
return nil
end
end
do
local dk,U
function dk(E)if E==false then
return{open=false,notify=false,attach=false}end
local b=a.e(E)a.L(b,{"attach","notify","open"},"messages.")return{open=U(b,"open",true),notify=U(b,"notify",true),attach=U(b,"attach",true)}end
function U(b,f,bJ)local g=b[f]if z(g)=="boolean"then
return g
end
if g~=nil then
a.g(f.." is true or false")end
return bJ
end
function a.L(b,ao,aU)for f in pairs(b)do
if a.n(f,ao,"")==""then
local cX=a.aC(f,ao)a.g("unknown option "..aU..f..(cX==nil and""or"; did you mean "..aU..cX.."?"))end
end
end
local ew={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.ae(E)if E~=nil and z(E)~="table"then
a.g("the options must be a table")end
local b=a.e(E)a.L(b,ew,"")local ax=a.n(b.attach,{"key","startup"},"")if b.attach~=nil and ax==""then
a.g("attach is \"key\" or \"startup\"")end
local ef=z(b.cli)=="string"and({b.cli})or a.j(b.cli,a.b)return{plugin_json=a.b(b.plugin_json),cli=ef,keys=b.keys~=false and a.e(b.keys),attach=ax~=""and ax or nil,palette=U(b,"palette",false),status=b.status=="always"and"always"or U(b,"status",false),notifications=U(b,"notifications",true),reattach=U(b,"reattach",true),keep_local_tab=U(b,"keep_local_tab",true),same_place=U(b,"same_place",true),messages=dk(b.messages)}end
end
function a.ak()local bS=os.getenv("XDG_STATE_HOME")local av=bS
return(av and au(bS,"/")and bS or s.home_dir.."/.local/state").."/ascalon"end
a.a={c=a.ae(nil),b=a.R(a.ak(),{}),k={},n=nil,q=nil}function a.t(f)return f==a.a.b.domain or f==a.a.b.proxyDomain
end
do
local aW=a.ak
function a.aB(ak)local x=ak.plugin_json or aW().."/"..a.J.plugin
s.add_to_config_reload_watch_list(x)local T=a.R(aW(),#ak.cli>0 and a.aF()or({}))local i=a.ad(x)local g=a.ac(i or"")if i~=nil and z(g)~="table"then
a.g(x.." is damaged")end
a.a.b=z(g)=="table"and a.aI(g,T)or T
a.a.k=#ak.cli>0 and ak.cli or a.a.b.cli
a.a.n=a.at(a.a.b.contract,a.a.b.ascalon)if a.a.n~=nil then
a.g(a.a.n)end
end
end
do
local bC
function bC(ad,l)for k,ao in m(ad)do
if ao.name==l.name then
if ao.socket_path~=l.socket_path then
a.g("unix_domains already has "..l.name.."; it is left as it is")end
return
end
end
ad[#ad+1]=l
end
function a.ap(S,ac)local ad={}for k,l in m(S.unix_domains or({{name="unix"}}))do
ad[#ad+1]=l
end
bC(ad,{name=ac.domain,socket_path=ac.socketPath,no_serve_automatically=true})if#ac.proxyCommand>0 then
bC(ad,{name=ac.proxyDomain,proxy_command=ac.proxyCommand,no_serve_automatically=true})end
S.unix_domains=ad
end
end
do
local cx
function cx(W,V)if W<V then
return"Install a newer WezTerm here (macOS: brew install --cask wezterm@nightly) and start it again, or pin the VM's to this one."end
return"Update the VM's WezTerm: update the flake's nixpkgs input, then run ascalon rebuild."end
function a.as(W,V)if W==nil or V==nil then
return{verdict="unknown"}end
if W.codec==V.codec then
return{verdict="equal"}end
return{verdict="different",sentence="WezTerm here is "..W.version.." (codec "..G(W.codec)..") and the VM's is "..V.version.." (codec "..G(V.codec).."); WezTerm attaches only to its own codec.",fix=cx(W.codec,V.codec)}end
end
function a.G(h,f)for k,r in m(h.links)do
if r.name==f then
return r
end
end
return nil
end
a.K={"absent","stopped","starting","running","stopping","broken","unknown"}a.aA={"off","waiting","up","broken","healing"}function a.I(h,j)if j>h.nextWriteBy then
return j-h.nextWriteBy
end
if h.writtenAt>j+60 then
return h.writtenAt-j
end
return 0
end
function a.T(h,j)if h==nil or a.I(h,j)>0 then
return nil
end
return a.G(h,"mux")end
do
local dP,cC,cB,cA,cH,cG,be,dJ
function dP(w)if not w.w then
return a.k(a.P,{"Run this once in a terminal: ascalon wezterm install"},{})end
if not w.p then
return{a="ask"}end
return a.k("ascalon gives no answer about the VM.",{"ascalon doctor tells what is wrong."},{"doctor"})end
function cC(h,ah)local dW=h
local ce=dW.vm
local br=dJ[ce.state]if br~=nil then
return{a="start",sentence=br}end
if ce.state=="broken"then
return a.k("The VM is broken"..be(ce.reason)..".",{"ascalon up repairs it."},{"up","doctor"})end
return cB(h,ah)end
function cB(h,ah)if h.mux.hijacked==true then
return a.k("Another WezTerm server has taken the VM's socket.",{(h.mux.exe or"It").." answers at "..h.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local r=a.G(h,"mux")if r==nil or r.state=="off"then
return{a="start",sentence="The VM runs without a link to WezTerm: making it."}end
if r.state=="waiting"or r.state=="healing"then
return{a="wait",sentence="The link to the VM is being made"..be(r.reason).."."}end
if r.state=="broken"then
return a.k("The link to the VM is broken"..be(r.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return cA(h,ah)end
function cA(h,ah)local O=ah==nil and h.codec or a.as(cH(h,ah),cG(h))if O.verdict~="different"then
return{a="attach"}end
return a.k(a.an,{O.sentence or"",O.fix or""},{"rebuild","doctor"})end
function cH(h,bn)for k,W in m(h.gui)do
if W.pid==bn then
return W
end
end
return nil
end
function cG(h)local co=h.mux
local aP=co.codec
local eK=co.version
if aP==nil then
return nil
end
return{codec=aP,version=eK or"of unknown version"}end
function be(al)return(al==nil or al=="")and""or": "..al
end
a.k=function(bN,aj,ey)return{a="explain",m=bN,t=aj,u=ey}end
a.an="WezTerm here and in the VM speak different versions."a.P="The plugin does not know where ascalon is."function a.au(w)if w.o then
return{a="busy"}end
if w.domain=="unregistered"then
return a.k("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
if w.domain=="attached"then
return{a=w.y and"focus"or"spawn"}end
local h=w.status
if h==nil or a.I(h,w.now)>0 and not w.p then
return dP(w)end
return cC(h,w.x)end
dJ={absent="There is no VM yet: making it.",stopped="The VM is stopped: starting it.",starting="The VM is starting: waiting for it.",stopping="The VM is stopping: starting it again."}end
do
local cJ,aI,P
function cJ(i)if aI(i,"failed to connect to Socket")then
return"Nothing listens at the VM's socket."end
if aI(i,"Timed out while parsing")then
return"The VM accepts the connection and does not answer."end
if aI(i,"EOF while reading")or aI(i,"os error 104")or aI(i,"Internal channel was closed")then
return"The link is open and the VM's WezTerm server does not answer behind it."end
return"WezTerm could not attach to the VM."end
function a.ax(eB)local i=P(eB,"\nstack traceback:")local k,dD,aL=table.unpack(a.m(i,"(codec version "),1,3)if dD~=nil and aL~=nil then
local o="Codec "..P(aL,")").." here and "..P(dD,")").." in the VM; WezTerm attaches only to its own codec."return a.k(a.an,{o},{"rebuild","doctor"})end
return a.k(cJ(i),{string.sub(P(i,"\n"),1,200)},{"doctor","heal"})end
aI=function(i,J)return a.o(i,J)>=0 end
P=function(i,J)return a.m(i,J)[1]or""end
end
do
local bM,ba
function bM(v,X)return function(c,d,ej,eG)local n,t=K(X,ba,c,d,ej,eG)if n then
return
end
a.u(v,t)a.q(ba,"ascalon.error",c,d,{event=v,message=G(t)})end
end
function a.q(e,v,c,d,eh)local n,t=K(e.emit,v,c,d,eh)if not n then
a.g("a handler of "..v..": "..G(t))end
end
ba=s
function a.l(v,X)s.on(v,bM(v,X))end
function a.ar(v,X)return s.action_callback(bM(v,X))end
function a.F(v,aM)s.time.call_after(0.01,function()local n,t=K(aM,ba)if not n then
a.u(v,t)end
end)end
end
function a.d(f)local g=s.GLOBAL["ascalon_"..f]return z(g)=="number"and g or 0
end
function a.c(f,g)s.GLOBAL["ascalon_"..f]=g
end
do
local eI=10
local ap={text=""}function a.h(c,i)s.log_info("ascalon: "..i)ap.text=i
a.c("notice_until",os.time()+eI)if a.a.c.notifications then
K(function()return c:toast_notification("ascalon",i,nil,5000)end)end
end
function a.X()return ap.text
end
end
do
local cM,dQ
function a.ai(c,d,bN,C)local cp=a.a.q
if cp==nil then
return
end
local eH=s.action.InputSelector({title="ascalon",description=bN,choices=C,action=cp})c:perform_action(eH,d)end
function cM(aa)if aa=="proxy"then
return#a.a.b.proxyCommand>0
end
return#a.a.k>0
end
function dQ(i,eM)local aj={}local o=""for k,H in m(a.m(i," "))do
if o~=""and#o+1+#H>eM then
aj[#aj+1]=o
o=H
else
o=o==""and H or o.." "..H
end
end
if o~=""then
aj[#aj+1]=o
end
return aj
end
function a.aj(c,d,ay)a.h(c,ay.m)local C={}for k,aa in m(ay.u)do
if cM(aa)then
C[#C+1]={label=aa=="proxy"and"Attach over ssh instead"or"Run ascalon "..aa,id=aa}end
end
for k,o in m(ay.t)do
for k,J in m(dQ(o,76))do
C[#C+1]={label=J,id=""}end
end
C[#C+1]={label="Close",id=""}a.ai(c,d,ay.m,C)end
function a.aN(ee)a.a.q=a.ar("ascalon.chosen",function(e,c,d,I)if I~=nil and I~=""then
ee(e,c,d,I)end
end)end
function a.aE()if a.a.b.docsUrl~=""then
s.open_with(a.a.b.docsUrl)end
end
end
function a.B(d)local n,f=K(function()return d:get_domain_name()end)return n and f or nil
end
function a.C(eN,er)for k,c in m(eN)do
for k,dL in m(c:tabs())do
for k,d in m(dL:panes())do
local l=a.B(d)if l~=nil and er(l)then
return{window=c,tab=dL,pane=d}end
end
end
end
return nil
end
do
a.aS={ask=20,attach=90,spawn=10}local et=10
function a.E(j)local bL=j-a.d("seen_at")if bL<0 or bL>et then
a.c("busy_until",a.d("busy_until")+bL)end
a.c("seen_at",j)return a.d("busy_until")>j
end
function a.y(j,aJ)local M=a.d("ticket")+1
a.c("ticket",M)a.c("busy_until",j+aJ)a.c("seen_at",j)return M
end
function a.V(M)return a.d("ticket")==M
end
function a.D(M)if a.V(M)then
a.c("busy_until",0)end
end
end
do
function a.Z(x)local bj={}local y=x
while y~=""do
local bf=(string.find(y,"/",nil,true)or 0)-1
local J=bf==-1 and y or N(y,0,bf)y=bf==-1 and""or N(y,bf+1)if J==".."then
table.remove(bj)elseif J~=""and J~="."then
bj[#bj+1]=J
end
end
return"/"..table.concat(bj,"/")end
local function cw(an,x)if an=="/"then
return x=="/"and""or x
end
if x==an then
return""end
local q=an.."/"return N(x,0,#q)==q and N(x,#an)or nil
end
local function cY(x,ar,aV)local af
for k,aq in m(ar)do
do
if cw(aq[aV],x)==nil then
goto dX
end
if af==nil or#aq[aV]>#af[aV]then
af=aq
end
end::dX::end
return af
end
local function cT(x,ar,b,bt)local da=a.Z(x)local aq=cY(da,ar,b)if aq==nil then
return nil
end
local bl=a.Z(aq[bt]..(cw(aq[b],da)or""))local cz=cY(bl,ar,bt)return cz~=nil and cz[bt]==aq[bt]and bl or nil
end
function a.aX(en,ar)return cT(en,ar,"host","guest")end
function a.aY(ek,ar)return cT(ek,ar,"guest","host")end
end
do
local bT,cE,cF,bO
function bT(d,aV)local l=a.B(d)if not a.a.c.same_place or l==nil then
return nil
end
local ag=a.t(l)if not ag and l~="local"then
return nil
end
local an=cE(d,ag)if an==nil or ag==(aV=="vm")then
return an
end
local bl=ag and a.aY or a.aX
return bl(an,a.a.b.mounts)end
function cE(d,ag)local n,at=K(function()return d:get_current_working_dir()end)if not n or at==nil then
return nil
end
if z(at)=="string"then
return cF(at,ag)end
return(ag or bO(at.host or""))and at.file_path or nil
end
function cF(at,ag)if not au(at,"file://")then
return nil
end
local y=string.sub(at,8)local bX=a.o(y,"/")if bX<0 then
return nil
end
return(ag or bO(N(y,0,bX)))and N(y,bX)or nil
end
function bO(e)return e==""or e=="localhost"or e==s.hostname()end
function a.Y(c,d,l)c:mux_window():spawn_tab({domain={DomainName=l},cwd=bT(d,"vm")})end
function a.aD(c,d)c:mux_window():spawn_tab({domain={DomainName="local"},cwd=bT(d,"local")})end
end
do
local dj,di,dq,dm,dh,dn
function dj(g)local b=a.e(g)local f=a.b(b.name)if f==nil then
return nil
end
return{name=f,state=a.n(b.state,a.aA,"off"),reason=a.b(b.reason),since=a.f(b.since)or 0,rttMs=z(b.rttMs)=="number"and b.rttMs or nil,nextAttemptAt=a.f(b.nextAttemptAt),target=a.b(b.target),chosen=a.b(b.chosen)}end
function di(g)local b=a.e(g)local bn=a.f(b.pid)local aP=a.f(b.codec)if bn==nil or aP==nil then
return nil
end
return{pid=bn,codec=aP,version=a.b(b.version)or"of unknown version"}end
function a.aJ(g)local b=a.e(g)local dA=a.f(b.schema)local dR=a.f(b.writtenAt)local cZ=a.f(b.nextWriteBy)if dA==nil or dR==nil or cZ==nil then
return nil
end
return{schema=dA,writtenAt=dR,nextWriteBy=cZ,ascalon=a.b(b.ascalon)or"",vm=dq(a.e(b.vm)),links=a.j(b.links,dj),mux=dm(a.e(b.mux)),gui=a.j(b.gui,di),codec=dh(a.e(b.codec)),generation=a.f(b.generation),pendingPlan=z(b.pendingPlan)=="table"and dn(a.e(b.pendingPlan))or nil,attention=a.j(b.attention,a.b)}end
dq=function(b)return{state=a.n(b.state,a.K,"unknown"),since=a.f(b.since)or 0,reason=a.b(b.reason)}end
dm=function(b)return{socketPath=a.b(b.socketPath)or"",codec=a.f(b.codec),version=a.b(b.version),exe=a.b(b.exe),hijacked=b.hijacked==true}end
dh=function(b)return{verdict=a.n(b.verdict,{"equal","different","unknown"},"unknown"),sentence=a.b(b.sentence),fix=a.b(b.fix)}end
dn=function(b)return{restart=a.f(b.restart)or 0,rebuild=a.f(b.rebuild)or 0,recreate=a.f(b.recreate)or 0}end
end
do
function a.al(i)return a.aJ(a.ac(i))end
local aN={text=nil,status=nil}function a.A()local i=a.ad(a.a.b.statusPath)if i==aN.text then
return aN.status
end
aN.text=i
aN.status=a.al(i or"")return aN.status
end
end
do
local cq,cy
function cq(e,I)local d=e.mux.get_pane(I)if d==nil then
return false
end
local av=d:tab()if av~=nil then
av:activate()end
d:activate()return true
end
function a.U(e)local function eq(l)return not a.t(l)and l~=cy
end
return a.C(e.mux.all_windows(),eq)~=nil
end
local cD="code=$?; printf '\\n[ended with %s; Enter closes this tab] ' \"$code\"; read -r _; exit \"$code\""local el="\"$@\"; "..cD
local em="\"$@\" && { sleep 1; exit 0; }; "..cD
function a.Q(L)local o={}for k,H in m(a.a.k)do
o[#o+1]=H
end
for k,H in m(L)do
o[#o+1]=H
end
return o
end
local function dE(eF,L)local o={"/bin/sh","-c",eF,"sh"}for k,H in m(a.Q(L))do
o[#o+1]=H
end
return o
end
local function bY(c,ea)return c:spawn_tab({domain={DomainName="local"},args=ea})end
function a.ag(c,L)bY(c:mux_window(),dE(el,L))end
function a.ah(e,c)local ao=a.d("up_pane")if ao>0 then
local n,bs=K(function()return cq(e,ao-1)end)if n and bs then
return
end
end
local k,d=bY(c:mux_window(),dE(em,{"up","--attach"}))a.c("up_pane",d:pane_id()+1)end
function a.W(e,c)if a.U(e)then
return
end
local bs=c:active_tab()bY(c)if bs~=nil then
bs:activate()end
end
cy="TermWizTerminalDomain"function a.af(e,L)local dv={success=false,stdout="",stderr=""}local n,t=K(function()local aY,aX,bZ=e.run_child_process(a.Q(L))dv={success=aY,stdout=aX,stderr=bZ}end)return n and dv or({success=false,stdout="",stderr=G(t)})end
end
do
local bH,ah,ct,bA,bI,q,dF,cg,cu
local aC=a.aS
function bH(e,h,ec)local l=a.w(e)return a.au({now=os.time(),status=h,domain=l==nil and"unregistered"or(l:state()=="Attached"and"attached"or"detached"),y=(l and l:has_any_panes())==true,o=a.E(os.time()),p=ec,w=#a.a.k>0,x=ah()})end
function a.w(e)local bU=e.mux.get_domain(a.a.b.proxyDomain)if(bU and bU:state())=="Attached"then
return bU
end
return e.mux.get_domain(a.a.b.domain)end
function ah()local dH=os.getenv("WEZTERM_UNIX_SOCKET")or""local aw=a.o(dH,"gui-sock-")if aw<0 then
return nil
end
return tonumber(N(dH,aw+9))end
function ct(e,c,d,am)local M=a.y(os.time(),aC.ask)local cn=a.af(e,{"attach","--json"})local aY=cn.success
local aX=cn.stdout
if not a.V(M)then
return
end
a.D(M)local D=bH(e,a.al(aY and aX or""),true)bA(e,c,d,am,D)end
function bA(e,c,d,am,D)if D.a=="attach"then
a.x(e,c,d,a.a.b.domain,am)elseif D.a=="focus"and am=="show"then
dF(e,c)elseif D.a=="focus"or D.a=="spawn"then
a.Y(c,d,cu(e))elseif D.a=="start"then
q(e,c,D.sentence)elseif D.a=="wait"then
a.c("wish_until",os.time()+cg)a.h(c,D.sentence)elseif D.a=="explain"then
bI(e,c,d,D)end
end
function bI(e,c,d,ay)a.aj(c,d,ay)a.q(e,"ascalon.attach.failed",c,d,{message=ay.m})end
function q(e,c,br)local M=a.y(os.time(),aC.spawn)a.h(c,br)local n,t=K(a.ah,e,c)a.D(M)if not n then
a.h(c,"ascalon could not be started: "..G(t))end
end
function a.x(e,c,d,f,am)local l=e.mux.get_domain(f)if l==nil or a.E(os.time())then
return
end
local M=a.y(os.time(),aC.attach)a.q(e,"ascalon.attach.start",c,d,{domain=f})local n,t=K(function()return l:attach(c:mux_window())end)a.D(M)if not n then
a.c("failed_at",os.time())bI(e,c,d,a.ax(G(t)))return
end
a.c("wanted",1)if am=="tab"or not l:has_any_panes()then
a.Y(c,d,f)end
a.q(e,"ascalon.attach.finished",c,d,{domain=f})end
function dF(e,c)local cK=c:mux_window()local af=a.C({cK},a.t)or a.C(e.mux.all_windows(),a.t)if af==nil then
return
end
af.tab:activate()if af.window:window_id()~=cK:window_id()then
local cm=af.window:gui_window()if cm~=nil then
cm:focus()end
end
end
cg=30
function a.v(e,c,d,am)local dG=os.time()-a.d("failed_at")if dG>=0 and dG<2 then
return
end
local D=bH(e,a.A(),false)if D.a=="ask"then
ct(e,c,d,am)else
bA(e,c,d,am,D)end
end
cu=function(e)local cl=a.w(e)return cl and cl:name()or a.a.b.domain
end
function a.ay(j)local Z=a.d("wish_until")-j
return Z>0 and Z<=cg
end
end
do
local dw,bQ
local ax=a.x
function dw(e,c,d,L)local f="ascalon "..table.concat(L," ")a.h(c,f.." …")local bx=a.af(e,L)local aY=bx.success
local aX=bx.stdout
local bZ=bx.stderr
if aY then
local dy=bQ(aX,1)[1]a.h(c,dy==nil and f..": done"or f..": "..dy)return
end
local aj=bQ(bZ,5)a.aj(c,d,{a="explain",m=f.." failed.",t=aj,u={"doctor"}})end
function bQ(i,eg)local ap={}for k,o in m(a.m(i,"\n"))do
if o~=""then
ap[#ap+1]=string.sub(o,1,200)end
if#ap>eg then
table.remove(ap,1)end
end
return ap
end
function a.aQ(e,c,d,A)if#a.a.k==0 then
a.h(c,a.P)elseif A.runs=="tab"then
a.ag(c,A.argv)else
dw(e,c,d,A.argv)end
end
function a.aR(e,c,d,aa)if aa=="up"then
a.ah(e,c)elseif aa=="proxy"then
ax(e,c,d,a.a.b.proxyDomain,"show")else
a.ag(c,{aa})end
end
end
function a.av(e,c)a.c("wanted",0)a.c("wish_until",0)local l=a.w(e)if l==nil or l:state()~="Attached"then
a.h(c,"The VM is not attached.")return
end
a.W(e,c:mux_window())local n,t=K(function()return l:detach()end)if not n then
a.h(c,"WezTerm could not detach the VM: "..G(t))end
end
do
local cP,cO,aB,bv,bu
function cP(g)if#g>a.H.open then
return bu
end
if not au(g,"https://")and not au(g,"http://")then
return aB("not a web address")end
do
local ai=0
while ai<#g do
local u=aF(g,ai)if u<=32 or u>=127 or u==34 or u==39 or u==92 or u==96 then
return aB("a bad character")end
ai=ai+1
end
end
return{a="open",value=g}end
function cO(g)if g==""then
return aB("empty")end
if#g>a.H.notify then
return bu
end
local P=0
do
local ai=0
while ai<#g do
local u=aF(g,ai)local ep=u<32 or u==127 or P==194 and u>=128 and u<160
if ep then
return aB("a bad character")end
P=u
ai=ai+1
end
end
return{a="notify",value=g}end
a.H={open=2048,notify=300,attach=64}function a.az(f,g,b,cb)if f=="ascalon.open"and cb.open then
return b=="vm"and cP(g)or bv
end
if f=="ascalon.notify"and cb.notify then
return b=="vm"and cO(g)or bv
end
if f=="ascalon.attach"and cb.attach then
if b~="local"then
return bv
end
return#g>a.H.attach and bu or({a="attach",value=g})end
return{a="ignore"}end
aB=function(al)return{a="refuse",reason=al}end
bv=aB("not from that pane")bu=aB("too long")function a.aW(p,j,aJ,aC)if j-p.j>=aC or j<p.j then
return{v=true,e={j=j,l=1}}end
return{v=p.l<aJ,e={j=p.j,l=p.l+1}}end
end
do
local ds,dc,cI,aJ,dO
function ds(e,c,d,f,g)if not au(f,"ascalon.")then
return
end
local O=a.az(f,g,dc(d),a.a.c.messages)if O.a=="ignore"then
return
end
if O.a=="refuse"then
a.g(f.." refused: "..O.reason)return
end
if not cI(O.a)then
return
end
if O.a=="open"then
s.open_with(O.value)elseif O.a=="notify"then
a.h(c,"VM: "..O.value)else
a.v(e,c,d,"show")end
end
function dc(d)local l=a.B(d)if l=="local"then
return"local"end
return l~=nil and a.t(l)and"vm"or"other"end
function cI(bk)local p={j=a.d(bk.."_window"),l=a.d(bk.."_count")}local cd=a.aW(p,os.time(),aJ,dO)a.c(bk.."_window",cd.e.j)a.c(bk.."_count",cd.e.l)return cd.v
end
aJ=5
dO=10
function a.aM()a.l("user-var-changed",function(e,c,d,f,g)if z(f)=="string"and z(g)=="string"then
ds(e,c,d,f,g)end
end)end
end
do
local cv,bE,bd,aO
function a.aa()local ae={}for k,f in m(a.p)do
local cW=bE[f]if f~="menu"and(f~="docs"or a.a.b.docsUrl~="")then
ae[#ae+1]={brief="ascalon: "..cW[1],icon=cW[2],action=a.s(a.i[f])}end
end
for k,A in m(a.a.b.palette)do
local aH="ascalon: "..A.brief
ae[#ae+1]={brief=aH,doc=A.doc,icon=A.icon,action=a.s(a.z(A.id))}end
return ae
end
function cv(c,d)local ae=a.aa()for k,X in m(aO.r)do
local n,cc=K(X,c,d)if not n then
a.u("another "..bd.." handler",cc)elseif z(cc)=="table"then
for k,A in m(cc)do
ae[#ae+1]=A
end
end
end
return ae
end
bE={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.aT(c,d)local C={}for k,f in m(a.p)do
if f~="menu"then
C[#C+1]={label=bE[f][1],id=a.i[f]}end
end
for k,A in m(a.a.b.palette)do
C[#C+1]={label=A.brief,id=a.z(A.id)}end
a.ai(c,d,"ascalon",C)end
bd="augment-command-palette"aO={s=false,r={}}function a.N()if aO.s then
return
end
aO.s=true
local dt=s.on
dt(bd,cv)s.on=function(v,X)if v==bd then
local ci=aO.r
ci[#ci+1]=X
else
dt(v,X)end
end
end
end
do
local as,dC
a.S={i=0,g=0,d=0,f=0,h=0}local eu=5
local ei=20
function a.aV(p,w)local dU=w
local j=dU.now
local r=a.T(w.status,j)local aZ=p
local cf=aZ.i
local aK=aZ.g
local bR=aZ.d
local bc=aZ.f
if w.attached then
return as(dC(r==nil and aK or r.since))end
if cf==0 or w.o then
return as(p)end
if bR==0 then
return as({i=cf,g=aK,d=j,f=bc,h=j})end
if r==nil or r.state~="up"then
return as(p)end
if r.since<=aK then
return as(j-bR>ei and a.S or p)end
if j<p.h then
return as(p)end
if bc>=eu then
return as(a.S)end
local ex=j+(2<<bc)return{attach=true,e={i=cf,g=aK,d=bR,f=bc+1,h=ex}}end
as=function(p)return{e=p,attach=false}end
dC=function(aK)return{i=1,g=aK,d=0,f=0,h=0}end
end
function a.M(aC)local aE=math.floor(math.max(aC,0))if aE<60 then
return G(aE).." s"end
if aE<3600 then
return G(math.floor(aE/60)).." min"end
if aE<172800 then
return G(math.floor(aE/3600)).." h"end
return G(math.floor(aE/86400)).." d"end
do
local dN,dx,df
function dN(h,j)local by=h.vm
local aD=by.state
local eJ=by.since
local al=by.reason
if aD=="starting"or aD=="stopping"then
return aD.." "..a.M(j-eJ)end
return(al==nil or al=="")and aD or aD.." ("..al..")"end
function dx(h)local F={}for k,r in m(h.links)do
if r.state=="broken"or r.state=="healing"then
F[#F+1]=r.name.." "..r.state
end
end
if h.mux.hijacked==true then
F[#F+1]="mux hijacked"end
local bz=h.codec.verdict=="different"if bz then
local cj=a.G(h,"mux")bz=(cj and cj.state)=="up"end
if bz then
F[#F+1]="WezTerm versions differ"end
local de=df(h.pendingPlan)if de~=""then
F[#F+1]=de
end
return F
end
function df(bo)if bo==nil then
return""end
if bo.recreate>0 then
return"recreate pending"end
if bo.restart>0 then
return"restart pending"end
return bo.rebuild>0 and"rebuild pending"or""end
function a.aU(h,j,ak)if h==nil then
return ak.always and"ascalon: unknown"or""end
local dI=a.I(h,j)if dI>0 then
return"ascalon: no news for "..a.M(dI)end
if h.vm.state=="absent"then
return ak.always and"ascalon: no VM"or""end
local F=h.vm.state=="running"and dx(h)or({dN(h,j)})if#F==0 and not ak.always then
return""end
if ak.always and h.generation~=nil then
F[#F+1]="generation "..G(h.generation)end
return#F==0 and"ascalon: up"or"ascalon: "..table.concat(F,", ")end
end
function a.aK()return{i=a.d("wanted"),g=a.d("link_since"),d=a.d("lost_at"),f=a.d("attempts"),h=a.d("next_at")}end
function a.aP(p)a.c("wanted",p.i)a.c("link_since",p.g)a.c("lost_at",p.d)a.c("attempts",p.f)a.c("next_at",p.h)end
do
local aM,dK,dr,cs,db,cR
local ax=a.x
function aM(e,c,d,h,j)local av=a.w(e)local bb=(av and av:state())=="Attached"dr(c,d,h,j,bb)if bb and a.a.c.keep_local_tab and j-a.d("local_tab_at")>=cR then
a.c("local_tab_at",j)if not a.U(e)then
a.F("keep-local-tab",function(aL)return a.W(aL,c:mux_window())end)end
end
if a.d("started")==0 then
a.c("started",1)if dK()then
a.F("startup",function(aL)return a.v(aL,c,d,"show")end)end
end
cs(e,c,d,h)end
function dK()return(a.a.c.attach or a.a.b.attach)=="startup"end
function dr(c,d,h,j,bb)local p=a.aK()local ca=a.aV(p,{now=j,attached=bb,o=a.E(j),status=h})a.aP(ca.e)if p.d==0 and ca.e.d>0 then
a.h(c,"The connection to the VM was lost.")end
local bw=a.ay(j)if bw then
local ck=a.T(h,j)bw=(ck and ck.state)=="up"end
local eO=bw
if eO or ca.attach and a.a.c.reattach then
a.c("wish_until",0)a.F("reattach",function(e)return ax(e,c,d,a.a.b.domain,"show")end)end
end
function cs(e,c,d,h)if h==nil then
return
end
local P=a.d("vm_state")local cr=db(h.vm.state)if P==cr then
return
end
a.c("vm_state",cr)local b=a.K[P]if b~=nil then
a.q(e,"ascalon.vm.changed",c,d,{from=b,to=h.vm.state})end
end
function db(aD)local bm=1
while a.K[bm]~=aD do
bm=bm+1
end
return bm
end
function a.am(h,j)local Z=a.d("notice_until")-j
if Z>0 and Z<=10 and a.X()~=""then
return a.X()end
local i=a.aU(h,j,{always=a.a.c.status=="always"})if a.a.n==nil then
return i
end
return i==""and"ascalon: versions differ"or i..", versions differ"end
cR=5
function a.aO()a.l("update-status",function(e,c,d)local j=os.time()local h=a.A()if a.d("tick_at")~=j then
a.c("tick_at",j)aM(e,c,d,h,j)end
if a.a.c.status~=false then
c:set_right_status(a.am(h,j))end
end)end
end
do
local du
function du()for k,A in m(a.a.b.palette)do
a.l(a.z(A.id),function(e,c,d)return a.aQ(e,c,d,A)end)end
end
local cU="ascalon.handlers"function a.aL()local dT=_G.package
local cQ=dT.loaded
if cQ[cU]==true then
return
end
cQ[cU]=true
a.l(a.i.attach,function(e,c,d)return a.v(e,c,d,"show")end)a.l(a.i.new_tab,function(e,c,d)return a.v(e,c,d,"tab")end)a.l(a.i.detach,function(e,c)return a.av(e,c)end)a.l(a.i.new_local_tab,function(dY,c,d)return a.aD(c,d)end)a.l(a.i.menu,function(dY,c,d)return a.aT(c,d)end)a.l(a.i.docs,function()return a.aE()end)du()a.aN(function(e,c,d,I)if au(I,"ascalon.")then
c:perform_action(a.s(I),d)else
a.aR(e,c,d,I)end
end)a.aM()a.aO()if a.a.c.palette then
a.N()end
end
end
do
local cL
function cL(az)if#az~=1 then
return false
end
local u=string.byte(az,1)or 0/0
return u>=65 and u<=90 or u>=97 and u<=122
end
function a.ab(Q)local bp=a.o(Q,"+")if bp<0 or bp==#Q-1 then
return nil
end
return{mods=N(Q,0,bp),key=N(Q,bp+1)}end
local dZ={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.O(az,ev)local bh={}for k,H in m(a.m(table.concat(a.m(string.upper(ev)," "),""),"|"))do
local f=dZ[H]if f~=nil then
bh[f]=true
end
end
local aA=az
for k,aU in m({"phys:","mapped:","raw:"})do
if au(aA,aU)then
aA=N(aA,#aU)end
end
if cL(aA)then
if bh.SHIFT==true then
aA=string.upper(aA)end
bh.SHIFT=false
end
local Y=""for k,f in m({"ALT","CTRL","LEADER","SHIFT","SUPER"})do
if bh[f]==true then
Y=Y..f.."|"end
end
return Y..aA
end
end
do
local bG,dg,cN,bB
function bG(f,E)if E==nil or E==true then
if f=="attach"then
return a.ab(a.a.b.key)end
elseif E~=false then
local Q=dg(E)if Q~=nil then
return Q
end
a.g("keys."..f.." is false, \"CMD|SHIFT+A\" or { key = …, mods = … }")return bG(f,nil)end
return nil
end
function dg(E)if z(E)=="string"then
return a.ab(E)end
local b=a.e(E)local az=a.b(b.key)if az==nil then
return nil
end
return{key=az,mods=a.b(b.mods)or""}end
function cN(bg,Y)for k,ab in m(bg)do
if z(ab.key)=="string"and a.O(ab.key,ab.mods or"")==Y then
return true
end
end
return false
end
function a.ao()local dV=a.a.c
local bP=dV.keys
if bP==false then
return{}end
a.L(bP,a.p,"keys.")local bD={}for k,f in m(a.p)do
local Q=bG(f,bP[f])if Q~=nil then
bD[#bD+1]={key=Q.key,mods=Q.mods,action=a.s(a.i[f])}end
end
return bD
end
function a.aq(S)local bg=S.keys or({})local aR={}for k,ab in m(a.ao())do
local Y=a.O(ab.key,ab.mods or"")if not cN(bg,Y)then
aR[#aR+1]=ab
elseif not bB[Y]then
a.g(Y.." is bound already; left as it is")end
bB[Y]=true
end
for k,ab in m(bg)do
aR[#aR+1]=ab
end
S.keys=aR
end
bB={}end
local R={}local aG
function aG(J,aM)local n,t=K(aM)if not n then
a.u(J,t)end
end
R.version="0.1.0"R.contract_version=a.r
R.action={}for k,f in m(a.p)do
R.action[f]=a.s(a.i[f])end
function R.apply_to_config(S,ez)if s.gui==nil then
return S
end
aG("options",function()a.a.c=a.ae(ez)end)aG("plugin.json",function()return a.aB(a.a.c)end)aG("domains",function()return a.ap(S,a.a.b)end)aG("keys",function()return a.aq(S)end)aG("events",function()return a.aL()end)return S
end
function R.keys()return a.ao()end
function R.palette_entries()return a.aa()end
function R.chain_palette()a.N()end
function R.status_text(eP)local n,i=K(function()return a.am(a.A(),os.time())end)return n and i or""end
return R
