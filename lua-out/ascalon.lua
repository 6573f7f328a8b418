-- ascalon 0.1.0, contract 1: generated from src/wezterm and src/shared, do not edit.
local K,m,G,z=pcall,ipairs,tostring,type
local s=require("wezterm")local function M(self,q,B)if q==nil or q~=q then
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
local function dQ(g)return z(g)=="table"and(g[1]~=nil or next(g)==nil)end
local function aF(self,aP)if aP~=aP then
aP=0
end
if aP<0 then
return 0/0
end
return string.byte(self,aP+1)or 0/0
end
local function av(self,dz,aS)if aS==nil or aS<0 then
aS=0
end
return string.sub(self,aS+1,#dz+aS)==dz
end
local a={}a.r=1
a.J={plugin="wezterm/plugin.json",bundle="wezterm/ascalon.lua",status="status.json",socket="sock/mux.sock"}a.aw="ascalon"a.aF="ascalon-proxy"a.i={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}a.p={"attach","detach","new_tab","new_local_tab","menu","docs"}a.z=function(I)return"ascalon.cli."..I end
a.s=function(v)return s.action.EmitEvent(v)end
function a.e(g)return z(g)=="table"and g~=nil and g or({})end
function a.b(g)return z(g)=="string"and g or nil
end
function a.f(g)return z(g)=="number"and math.floor(g)or nil
end
function a.k(g,ey)local bi={}if not dQ(g)then
return bi
end
for k,ep in m(g)do
local db=ey(ep)if db~=nil then
bi[#bi+1]=db
end
end
return bi
end
function a.n(g,eJ,bJ)for k,H in m(eJ)do
if H==g then
return H
end
end
return bJ
end
do
local dk,dg
function dk(g)local c=a.e(g)local e=a.b(c.host)local W=a.b(c.guest)if e==nil or W==nil then
return nil
end
return{host=e,guest=W}end
function dg(g)local c=a.e(g)local I=a.b(c.id)local be=a.b(c.brief)if I==nil or be==nil then
return nil
end
return{id=I,brief=be,doc=a.b(c.doc)or"",icon=a.b(c.icon)or"md_server",argv=a.k(c.argv,a.b),runs=a.n(c.runs,{"tab","silent"},"tab")}end
function a.R(aV)return{contract=a.r,ascalon="",cli={},statusPath=aV.."/"..a.J.status,domain=a.aw,socketPath=aV.."/"..a.J.socket,proxyDomain=a.aF,proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette={},docsUrl=""}end
function a.aG(g,U)local c=a.e(g)return{contract=a.f(c.contract)or 0,ascalon=a.b(c.ascalon)or"",cli=a.k(c.cli,a.b),statusPath=a.b(c.statusPath)or U.statusPath,domain=a.b(c.domain)or U.domain,socketPath=a.b(c.socketPath)or U.socketPath,proxyDomain=a.b(c.proxyDomain)or U.proxyDomain,proxyCommand=a.k(c.proxyCommand,a.b),attach=a.n(c.attach,{"key","startup"},U.attach),key=a.b(c.key)or U.key,mounts=a.k(c.mounts,dk),palette=a.k(c.palette,dg),docsUrl=a.b(c.docsUrl)or U.docsUrl}end
function a.at(ad,dZ)if ad==a.r then
return nil
end
local dK="The plugin speaks contract "..G(a.r)..", ascalon "..dZ.." contract "..G(ad)return ad<a.r and dK..": upgrade ascalon."or dK..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
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
function a.m(i,J)return(string.find(i,J,nil,true)or 0)-1
end
function a.o(i,bV)local aR={}local y=i
do
local ax=a.m(y,bV)while ax>=0 do
aR[#aR+1]=M(y,0,ax)y=M(y,ax+#bV)ax=a.m(y,bV)end
end
aR[#aR+1]=y
return aR
end
function a.g(i)s.log_warn("ascalon: "..i)end
function a.u(eF,t)local i=G(t)if a.m(i,"not found")>=0 then
a.g(i)else
s.log_error("ascalon: "..eF..": "..i)end
end
do
local dx
function dx(aa,bq)local cT=math.min(#aa,#bq)local q=0
while q<cT and aF(aa,q)==aF(bq,q)do
q=q+1
end
local B=0
while q+B<cT and aF(aa,#aa-1-B)==aF(bq,#bq-1-B)do
B=B+1
end
return q+B
end
function a.aC(f,eb)for k,bF in m(eb)do
local cQ=math.max(#f,#bF)if cQ-dx(f,bF)<=2 and cQ>3 then
return bF
end
end
return nil
end
end
do
local dj,V
function dj(E)if E==false then
return{open=false,notify=false,attach=false}end
local c=a.e(E)a.L(c,{"attach","notify","open"},"messages.")return{open=V(c,"open",true),notify=V(c,"notify",true),attach=V(c,"attach",true)}end
function V(c,f,bJ)local g=c[f]if z(g)=="boolean"then
return g
end
if g~=nil then
a.g(f.." is true or false")end
return bJ
end
function a.L(c,ao,aT)for f in pairs(c)do
if a.n(f,ao,"")==""then
local cV=a.aC(f,ao)a.g("unknown option "..aT..f..(cV==nil and""or"; did you mean "..aT..cV.."?"))end
end
end
local et={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.ae(E)if E~=nil and z(E)~="table"then
a.g("the options must be a table")end
local c=a.e(E)a.L(c,et,"")local S=c.attach
if S~=nil and S~="key"and S~="startup"then
a.g("attach is \"key\" or \"startup\"")end
local ed=z(c.cli)=="string"and({c.cli})or a.k(c.cli,a.b)return{plugin_json=a.b(c.plugin_json),cli=ed,keys=c.keys~=false and a.e(c.keys),attach=(S=="key"or S=="startup")and S or nil,palette=V(c,"palette",false),status=c.status=="always"and"always"or V(c,"status",false),notifications=V(c,"notifications",true),reattach=V(c,"reattach",true),keep_local_tab=V(c,"keep_local_tab",true),same_place=V(c,"same_place",true),messages=dj(c.messages)}end
end
function a.ak()local bS=os.getenv("XDG_STATE_HOME")local aw=bS
return(aw and av(bS,"/")and bS or s.home_dir.."/.local/state").."/ascalon"end
a.a={c=a.ae(nil),b=a.R(a.ak()),k={},n=nil,q=nil}function a.t(f)return f==a.a.b.domain or f==a.a.b.proxyDomain
end
do
local aV=a.ak
function a.aB(as)local x=as.plugin_json or aV().."/"..a.J.plugin
s.add_to_config_reload_watch_list(x)local U=a.R(aV())local i=a.ad(x)local g=a.ac(i or"")if i~=nil and z(g)~="table"then
a.g(x.." is damaged")end
a.a.b=z(g)=="table"and a.aG(g,U)or U
a.a.k=#as.cli>0 and as.cli or a.a.b.cli
a.a.n=a.at(a.a.b.contract,a.a.b.ascalon)if a.a.n~=nil then
a.g(a.a.n)end
end
end
do
local bC
function bC(ae,l)for k,ao in m(ae)do
if ao.name==l.name then
if ao.socket_path~=l.socket_path then
a.g("unix_domains already has "..l.name.."; it is left as it is")end
return
end
end
ae[#ae+1]=l
end
function a.ap(T,ad)local ae={}for k,l in m(T.unix_domains or({{name="unix"}}))do
ae[#ae+1]=l
end
bC(ae,{name=ad.domain,socket_path=ad.socketPath,no_serve_automatically=true})if#ad.proxyCommand>0 then
bC(ae,{name=ad.proxyDomain,proxy_command=ad.proxyCommand,no_serve_automatically=true})end
T.unix_domains=ae
end
end
do
local cv
function cv(X,W)if X<W then
return"Install a newer WezTerm here (macOS: brew install --cask wezterm@nightly) and start it again, or pin the VM's to this one."end
return"Update the VM's WezTerm: update the flake's nixpkgs input, then run ascalon rebuild."end
function a.as(X,W)if X==nil or W==nil then
return{verdict="unknown"}end
if X.codec==W.codec then
return{verdict="equal"}end
return{verdict="different",sentence="WezTerm here is "..X.version.." (codec "..G(X.codec)..") and the VM's is "..W.version.." (codec "..G(W.codec).."); WezTerm attaches only to its own codec.",fix=cv(X.codec,W.codec)}end
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
local dN,cA,cz,cy,cF,cE,bd,dH
function dN(w)if not w.w then
return a.j(a.P,{"Run this once in a terminal: ascalon wezterm install"},{})end
if not w.p then
return{a="ask"}end
return a.j("ascalon gives no answer about the VM.",{"ascalon doctor tells what is wrong."},{"doctor"})end
function cA(h,ai)local dU=h
local cd=dU.vm
local br=dH[cd.state]if br~=nil then
return{a="start",sentence=br}end
if cd.state=="broken"then
return a.j("The VM is broken"..bd(cd.reason)..".",{"ascalon up repairs it."},{"up","doctor"})end
return cz(h,ai)end
function cz(h,ai)if h.mux.hijacked==true then
return a.j("Another WezTerm server has taken the VM's socket.",{(h.mux.exe or"It").." answers at "..h.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local r=a.G(h,"mux")if r==nil or r.state=="off"then
return{a="start",sentence="The VM runs without a link to WezTerm: making it."}end
if r.state=="waiting"or r.state=="healing"then
return{a="wait",sentence="The link to the VM is being made"..bd(r.reason).."."}end
if r.state=="broken"then
return a.j("The link to the VM is broken"..bd(r.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return cy(h,ai)end
function cy(h,ai)local N=ai==nil and h.codec or a.as(cF(h,ai),cE(h))if N.verdict~="different"then
return{a="attach"}end
return a.j(a.an,{N.sentence or"",N.fix or""},{"rebuild","doctor"})end
function cF(h,bn)for k,X in m(h.gui)do
if X.pid==bn then
return X
end
end
return nil
end
function cE(h)local cm=h.mux
local aO=cm.codec
local eE=cm.version
if aO==nil then
return nil
end
return{codec=aO,version=eE or"of unknown version"}end
function bd(al)return(al==nil or al=="")and""or": "..al
end
a.j=function(bN,ak,ev)return{a="explain",m=bN,t=ak,u=ev}end
a.an="WezTerm here and in the VM speak different versions."a.P="The plugin does not know where ascalon is."function a.au(w)if w.o then
return{a="busy"}end
if w.domain=="unregistered"then
return a.j("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
if w.domain=="attached"then
return{a=w.y and"focus"or"spawn"}end
local h=w.status
if h==nil or a.I(h,w.now)>0 and not w.p then
return dN(w)end
return cA(h,w.x)end
dH={absent="There is no VM yet: making it.",stopped="The VM is stopped: starting it.",starting="The VM is starting: waiting for it.",stopping="The VM is stopping: starting it again."}end
do
local cH,aH,O
function cH(i)if aH(i,"failed to connect to Socket")then
return"Nothing listens at the VM's socket."end
if aH(i,"Timed out while parsing")then
return"The VM accepts the connection and does not answer."end
if aH(i,"EOF while reading")or aH(i,"os error 104")or aH(i,"Internal channel was closed")then
return"The link is open and the VM's WezTerm server does not answer behind it."end
return"WezTerm could not attach to the VM."end
function a.ax(ex)local i=O(ex,"\nstack traceback:")local k,dB,aK=table.unpack(a.o(i,"(codec version "),1,3)if dB~=nil and aK~=nil then
local o="Codec "..O(aK,")").." here and "..O(dB,")").." in the VM; WezTerm attaches only to its own codec."return a.j(a.an,{o},{"rebuild","doctor"})end
return a.j(cH(i),{string.sub(O(i,"\n"),1,200)},{"doctor","heal"})end
aH=function(i,J)return a.m(i,J)>=0 end
O=function(i,J)return a.o(i,J)[1]or""end
end
do
local bM,aZ
function bM(v,Y)return function(b,d,eh,eA)local n,t=K(Y,aZ,b,d,eh,eA)if n then
return
end
a.u(v,t)a.q(aZ,"ascalon.error",b,d,{event=v,message=G(t)})end
end
function a.q(e,v,b,d,ef)local n,t=K(e.emit,v,b,d,ef)if not n then
a.g("a handler of "..v..": "..G(t))end
end
aZ=s
function a.l(v,Y)s.on(v,bM(v,Y))end
function a.ar(v,Y)return s.action_callback(bM(v,Y))end
function a.F(v,aL)s.time.call_after(0.01,function()local n,t=K(aL,aZ)if not n then
a.u(v,t)end
end)end
end
function a.d(f)local g=s.GLOBAL["ascalon_"..f]return z(g)=="number"and g or 0
end
function a.c(f,g)s.GLOBAL["ascalon_"..f]=g
end
do
local eC=10
local ap={text=""}function a.h(b,i)s.log_info("ascalon: "..i)ap.text=i
a.c("notice_until",os.time()+eC)if a.a.c.notifications then
K(function()return b:toast_notification("ascalon",i,nil,5000)end)end
end
function a.X()return ap.text
end
end
do
local cK,dO
function a.ai(b,d,bN,C)local cn=a.a.q
if cn==nil then
return
end
local eB=s.action.InputSelector({title="ascalon",description=bN,choices=C,action=cn})b:perform_action(eB,d)end
function cK(ab)if ab=="proxy"then
return#a.a.b.proxyCommand>0
end
return#a.a.k>0
end
function dO(i,eG)local ak={}local o=""for k,H in m(a.o(i," "))do
if o~=""and#o+1+#H>eG then
ak[#ak+1]=o
o=H
else
o=o==""and H or o.." "..H
end
end
if o~=""then
ak[#ak+1]=o
end
return ak
end
function a.aj(b,d,ay)a.h(b,ay.m)local C={}for k,ab in m(ay.u)do
if cK(ab)then
C[#C+1]={label=ab=="proxy"and"Attach over ssh instead"or"Run ascalon "..ab,id=ab}end
end
for k,o in m(ay.t)do
for k,J in m(dO(o,76))do
C[#C+1]={label=J,id=""}end
end
C[#C+1]={label="Close",id=""}a.ai(b,d,ay.m,C)end
function a.aL(ec)a.a.q=a.ar("ascalon.chosen",function(e,b,d,I)if I~=nil and I~=""then
ec(e,b,d,I)end
end)end
function a.aE()if a.a.b.docsUrl~=""then
s.open_with(a.a.b.docsUrl)end
end
end
function a.B(d)local n,f=K(function()return d:get_domain_name()end)return n and f or nil
end
function a.C(eH,eo)for k,b in m(eH)do
for k,dJ in m(b:tabs())do
for k,d in m(dJ:panes())do
local l=a.B(d)if l~=nil and eo(l)then
return{window=b,tab=dJ,pane=d}end
end
end
end
return nil
end
do
a.aQ={ask=20,attach=90,spawn=10}local eq=10
function a.E(j)local bL=j-a.d("seen_at")if bL<0 or bL>eq then
a.c("busy_until",a.d("busy_until")+bL)end
a.c("seen_at",j)return a.d("busy_until")>j
end
function a.y(j,aI)local L=a.d("ticket")+1
a.c("ticket",L)a.c("busy_until",j+aI)a.c("seen_at",j)return L
end
function a.V(L)return a.d("ticket")==L
end
function a.D(L)if a.V(L)then
a.c("busy_until",0)end
end
end
do
function a.Z(x)local bj={}local y=x
while y~=""do
local bf=(string.find(y,"/",nil,true)or 0)-1
local J=bf==-1 and y or M(y,0,bf)y=bf==-1 and""or M(y,bf+1)if J==".."then
table.remove(bj)elseif J~=""and J~="."then
bj[#bj+1]=J
end
end
return"/"..table.concat(bj,"/")end
local function cu(an,x)if an=="/"then
return x=="/"and""or x
end
if x==an then
return""end
local q=an.."/"return M(x,0,#q)==q and M(x,#an)or nil
end
local function cW(x,ar,aU)local ag
for k,aq in m(ar)do
do
if cu(aq[aU],x)==nil then
goto dV
end
if ag==nil or#aq[aU]>#ag[aU]then
ag=aq
end
end::dV::end
return ag
end
local function cR(x,ar,c,bt)local cY=a.Z(x)local aq=cW(cY,ar,c)if aq==nil then
return nil
end
local bl=a.Z(aq[bt]..(cu(aq[c],cY)or""))local cx=cW(bl,ar,bt)return cx~=nil and cx[bt]==aq[bt]and bl or nil
end
function a.aV(el,ar)return cR(el,ar,"host","guest")end
function a.aW(ei,ar)return cR(ei,ar,"guest","host")end
end
do
local bT,cC,cD,bO
function bT(d,aU)local l=a.B(d)if not a.a.c.same_place or l==nil then
return nil
end
local ah=a.t(l)if not ah and l~="local"then
return nil
end
local an=cC(d,ah)if an==nil or ah==(aU=="vm")then
return an
end
local bl=ah and a.aW or a.aV
return bl(an,a.a.b.mounts)end
function cC(d,ah)local n,au=K(function()return d:get_current_working_dir()end)if not n or au==nil then
return nil
end
if z(au)=="string"then
return cD(au,ah)end
return(ah or bO(au.host or""))and au.file_path or nil
end
function cD(au,ah)if not av(au,"file://")then
return nil
end
local y=string.sub(au,8)local bW=a.m(y,"/")if bW<0 then
return nil
end
return(ah or bO(M(y,0,bW)))and M(y,bW)or nil
end
function bO(e)return e==""or e=="localhost"or e==s.hostname()end
function a.Y(b,d,l)b:mux_window():spawn_tab({domain={DomainName=l},cwd=bT(d,"vm")})end
function a.aD(b,d)b:mux_window():spawn_tab({domain={DomainName="local"},cwd=bT(d,"local")})end
end
do
local di,dh,dn,dl,df,dm
function di(g)local c=a.e(g)local f=a.b(c.name)if f==nil then
return nil
end
return{name=f,state=a.n(c.state,a.aA,"off"),reason=a.b(c.reason),since=a.f(c.since)or 0,rttMs=z(c.rttMs)=="number"and c.rttMs or nil,nextAttemptAt=a.f(c.nextAttemptAt),target=a.b(c.target),chosen=a.b(c.chosen)}end
function dh(g)local c=a.e(g)local bn=a.f(c.pid)local aO=a.f(c.codec)if bn==nil or aO==nil then
return nil
end
return{pid=bn,codec=aO,version=a.b(c.version)or"of unknown version"}end
function a.aH(g)local c=a.e(g)local dy=a.f(c.schema)local dP=a.f(c.writtenAt)local cX=a.f(c.nextWriteBy)if dy==nil or dP==nil or cX==nil then
return nil
end
return{schema=dy,writtenAt=dP,nextWriteBy=cX,ascalon=a.b(c.ascalon)or"",vm=dn(a.e(c.vm)),links=a.k(c.links,di),mux=dl(a.e(c.mux)),gui=a.k(c.gui,dh),codec=df(a.e(c.codec)),generation=a.f(c.generation),pendingPlan=z(c.pendingPlan)=="table"and dm(a.e(c.pendingPlan))or nil,attention=a.k(c.attention,a.b)}end
dn=function(c)return{state=a.n(c.state,a.K,"unknown"),since=a.f(c.since)or 0,reason=a.b(c.reason)}end
dl=function(c)return{socketPath=a.b(c.socketPath)or"",codec=a.f(c.codec),version=a.b(c.version),exe=a.b(c.exe),hijacked=c.hijacked==true}end
df=function(c)return{verdict=a.n(c.verdict,{"equal","different","unknown"},"unknown"),sentence=a.b(c.sentence),fix=a.b(c.fix)}end
dm=function(c)return{restart=a.f(c.restart)or 0,rebuild=a.f(c.rebuild)or 0,recreate=a.f(c.recreate)or 0}end
end
do
function a.al(i)return a.aH(a.ac(i))end
local aM={text=nil,status=nil}function a.A()local i=a.ad(a.a.b.statusPath)if i==aM.text then
return aM.status
end
aM.text=i
aM.status=a.al(i or"")return aM.status
end
end
do
local co,cw
function co(e,I)local d=e.mux.get_pane(I)if d==nil then
return false
end
local aw=d:tab()if aw~=nil then
aw:activate()end
d:activate()return true
end
function a.U(e)local function en(l)return not a.t(l)and l~=cw
end
return a.C(e.mux.all_windows(),en)~=nil
end
local cB="code=$?; printf '\\n[ended with %s; Enter closes this tab] ' \"$code\"; read -r _; exit \"$code\""local ej="\"$@\"; "..cB
local ek="\"$@\" && { sleep 1; exit 0; }; "..cB
function a.Q(R)local o={}for k,H in m(a.a.k)do
o[#o+1]=H
end
for k,H in m(R)do
o[#o+1]=H
end
return o
end
local function dC(ez,R)local o={"/bin/sh","-c",ez,"sh"}for k,H in m(a.Q(R))do
o[#o+1]=H
end
return o
end
local function bX(b,dY)return b:spawn_tab({domain={DomainName="local"},args=dY})end
function a.ag(b,R)bX(b:mux_window(),dC(ej,R))end
function a.ah(e,b)local ao=a.d("up_pane")if ao>0 then
local n,bs=K(function()return co(e,ao-1)end)if n and bs then
return
end
end
local k,d=bX(b:mux_window(),dC(ek,{"up","--attach"}))a.c("up_pane",d:pane_id()+1)end
function a.W(e,b)if a.U(e)then
return
end
local bs=b:active_tab()bX(b)if bs~=nil then
bs:activate()end
end
cw="TermWizTerminalDomain"function a.af(e,R)local dt={success=false,stdout="",stderr=""}local n,t=K(function()local aX,aW,bY=e.run_child_process(a.Q(R))dt={success=aX,stdout=aW,stderr=bY}end)return n and dt or({success=false,stdout="",stderr=G(t)})end
end
do
local bH,ai,cr,bA,bI,q,dD,cf,cs
local aC=a.aQ
function bH(e,h,ea)local l=a.w(e)return a.au({now=os.time(),status=h,domain=l==nil and"unregistered"or(l:state()=="Attached"and"attached"or"detached"),y=(l and l:has_any_panes())==true,o=a.E(os.time()),p=ea,w=#a.a.k>0,x=ai()})end
function a.w(e)local bU=e.mux.get_domain(a.a.b.proxyDomain)if(bU and bU:state())=="Attached"then
return bU
end
return e.mux.get_domain(a.a.b.domain)end
function ai()local dF=os.getenv("WEZTERM_UNIX_SOCKET")or""local ax=a.m(dF,"gui-sock-")if ax<0 then
return nil
end
return tonumber(M(dF,ax+9))end
function cr(e,b,d,am)local L=a.y(os.time(),aC.ask)local cl=a.af(e,{"attach","--json"})local aX=cl.success
local aW=cl.stdout
if not a.V(L)then
return
end
a.D(L)local D=bH(e,a.al(aX and aW or""),true)bA(e,b,d,am,D)end
function bA(e,b,d,am,D)if D.a=="attach"then
a.x(e,b,d,a.a.b.domain,am)elseif D.a=="focus"and am=="show"then
dD(e,b)elseif D.a=="focus"or D.a=="spawn"then
a.Y(b,d,cs(e))elseif D.a=="start"then
q(e,b,D.sentence)elseif D.a=="wait"then
a.c("wish_until",os.time()+cf)a.h(b,D.sentence)elseif D.a=="explain"then
bI(e,b,d,D)end
end
function bI(e,b,d,ay)a.aj(b,d,ay)a.q(e,"ascalon.attach.failed",b,d,{message=ay.m})end
function q(e,b,br)local L=a.y(os.time(),aC.spawn)a.h(b,br)local n,t=K(a.ah,e,b)a.D(L)if not n then
a.h(b,"ascalon could not be started: "..G(t))end
end
function a.x(e,b,d,f,am)local l=e.mux.get_domain(f)if l==nil or a.E(os.time())then
return
end
local L=a.y(os.time(),aC.attach)a.q(e,"ascalon.attach.start",b,d,{domain=f})local n,t=K(function()return l:attach(b:mux_window())end)a.D(L)if not n then
a.c("failed_at",os.time())bI(e,b,d,a.ax(G(t)))return
end
a.c("wanted",1)if am=="tab"or not l:has_any_panes()then
a.Y(b,d,f)end
a.q(e,"ascalon.attach.finished",b,d,{domain=f})end
function dD(e,b)local cI=b:mux_window()local ag=a.C({cI},a.t)or a.C(e.mux.all_windows(),a.t)if ag==nil then
return
end
ag.tab:activate()if ag.window:window_id()~=cI:window_id()then
local ck=ag.window:gui_window()if ck~=nil then
ck:focus()end
end
end
cf=30
function a.v(e,b,d,am)local dE=os.time()-a.d("failed_at")if dE>=0 and dE<2 then
return
end
local D=bH(e,a.A(),false)if D.a=="ask"then
cr(e,b,d,am)else
bA(e,b,d,am,D)end
end
cs=function(e)local cj=a.w(e)return cj and cj:name()or a.a.b.domain
end
function a.ay(j)local aa=a.d("wish_until")-j
return aa>0 and aa<=cf
end
end
do
local du,bQ
local S=a.x
function du(e,b,d,R)local f="ascalon "..table.concat(R," ")a.h(b,f.." …")local bx=a.af(e,R)local aX=bx.success
local aW=bx.stdout
local bY=bx.stderr
if aX then
local dw=bQ(aW,1)[1]a.h(b,dw==nil and f..": done"or f..": "..dw)return
end
local ak=bQ(bY,5)a.aj(b,d,{a="explain",m=f.." failed.",t=ak,u={"doctor"}})end
function bQ(i,ee)local ap={}for k,o in m(a.o(i,"\n"))do
if o~=""then
ap[#ap+1]=string.sub(o,1,200)end
if#ap>ee then
table.remove(ap,1)end
end
return ap
end
function a.aO(e,b,d,A)if#a.a.k==0 then
a.h(b,a.P)elseif A.runs=="tab"then
a.ag(b,A.argv)else
du(e,b,d,A.argv)end
end
function a.aP(e,b,d,ab)if ab=="up"then
a.ah(e,b)elseif ab=="proxy"then
S(e,b,d,a.a.b.proxyDomain,"show")else
a.ag(b,{ab})end
end
end
function a.av(e,b)a.c("wanted",0)a.c("wish_until",0)local l=a.w(e)if l==nil or l:state()~="Attached"then
a.h(b,"The VM is not attached.")return
end
a.W(e,b:mux_window())local n,t=K(function()return l:detach()end)if not n then
a.h(b,"WezTerm could not detach the VM: "..G(t))end
end
do
local cN,cM,aB,bv,bu
function cN(g)if#g>a.H.open then
return bu
end
if not av(g,"https://")and not av(g,"http://")then
return aB("not a web address")end
do
local aj=0
while aj<#g do
local u=aF(g,aj)if u<=32 or u>=127 or u==34 or u==39 or u==92 or u==96 then
return aB("a bad character")end
aj=aj+1
end
end
return{a="open",value=g}end
function cM(g)if g==""then
return aB("empty")end
if#g>a.H.notify then
return bu
end
local O=0
do
local aj=0
while aj<#g do
local u=aF(g,aj)local em=u<32 or u==127 or O==194 and u>=128 and u<160
if em then
return aB("a bad character")end
O=u
aj=aj+1
end
end
return{a="notify",value=g}end
a.H={open=2048,notify=300,attach=64}function a.az(f,g,c,ca)if f=="ascalon.open"and ca.open then
return c=="vm"and cN(g)or bv
end
if f=="ascalon.notify"and ca.notify then
return c=="vm"and cM(g)or bv
end
if f=="ascalon.attach"and ca.attach then
if c~="local"then
return bv
end
return#g>a.H.attach and bu or({a="attach",value=g})end
return{a="ignore"}end
aB=function(al)return{a="refuse",reason=al}end
bv=aB("not from that pane")bu=aB("too long")function a.aU(p,j,aI,aC)if j-p.j>=aC or j<p.j then
return{v=true,e={j=j,l=1}}end
return{v=p.l<aI,e={j=p.j,l=p.l+1}}end
end
do
local dq,da,cG,aI,dM
function dq(e,b,d,f,g)if not av(f,"ascalon.")then
return
end
local N=a.az(f,g,da(d),a.a.c.messages)if N.a=="ignore"then
return
end
if N.a=="refuse"then
a.g(f.." refused: "..N.reason)return
end
if not cG(N.a)then
return
end
if N.a=="open"then
s.open_with(N.value)elseif N.a=="notify"then
a.h(b,"VM: "..N.value)else
a.v(e,b,d,"show")end
end
function da(d)local l=a.B(d)if l=="local"then
return"local"end
return l~=nil and a.t(l)and"vm"or"other"end
function cG(bk)local p={j=a.d(bk.."_window"),l=a.d(bk.."_count")}local cc=a.aU(p,os.time(),aI,dM)a.c(bk.."_window",cc.e.j)a.c(bk.."_count",cc.e.l)return cc.v
end
aI=5
dM=10
function a.aK()a.l("user-var-changed",function(e,b,d,f,g)if z(f)=="string"and z(g)=="string"then
dq(e,b,d,f,g)end
end)end
end
do
local ct,bE,bc,aN
function a.aa()local af={}for k,f in m(a.p)do
local cU=bE[f]if f~="menu"and(f~="docs"or a.a.b.docsUrl~="")then
af[#af+1]={brief="ascalon: "..cU[1],icon=cU[2],action=a.s(a.i[f])}end
end
for k,A in m(a.a.b.palette)do
local be="ascalon: "..A.brief
af[#af+1]={brief=be,doc=A.doc,icon=A.icon,action=a.s(a.z(A.id))}end
return af
end
function ct(b,d)local af=a.aa()for k,Y in m(aN.r)do
local n,cb=K(Y,b,d)if not n then
a.u("another "..bc.." handler",cb)elseif z(cb)=="table"then
for k,A in m(cb)do
af[#af+1]=A
end
end
end
return af
end
bE={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.aR(b,d)local C={}for k,f in m(a.p)do
if f~="menu"then
C[#C+1]={label=bE[f][1],id=a.i[f]}end
end
for k,A in m(a.a.b.palette)do
C[#C+1]={label=A.brief,id=a.z(A.id)}end
a.ai(b,d,"ascalon",C)end
bc="augment-command-palette"aN={s=false,r={}}function a.N()if aN.s then
return
end
aN.s=true
local dr=s.on
dr(bc,ct)s.on=function(v,Y)if v==bc then
local cg=aN.r
cg[#cg+1]=Y
else
dr(v,Y)end
end
end
end
do
local at,dA
a.S={i=0,g=0,d=0,f=0,h=0}local er=5
local eg=20
function a.aT(p,w)local dS=w
local j=dS.now
local r=a.T(w.status,j)local aY=p
local ce=aY.i
local aJ=aY.g
local bR=aY.d
local bb=aY.f
if w.attached then
return at(dA(r==nil and aJ or r.since))end
if ce==0 or w.o then
return at(p)end
if bR==0 then
return at({i=ce,g=aJ,d=j,f=bb,h=j})end
if r==nil or r.state~="up"then
return at(p)end
if r.since<=aJ then
return at(j-bR>eg and a.S or p)end
if j<p.h then
return at(p)end
if bb>=er then
return at(a.S)end
local eu=j+(2<<bb)return{attach=true,e={i=ce,g=aJ,d=bR,f=bb+1,h=eu}}end
at=function(p)return{e=p,attach=false}end
dA=function(aJ)return{i=1,g=aJ,d=0,f=0,h=0}end
end
function a.M(aC)local aE=math.floor(math.max(aC,0))if aE<60 then
return G(aE).." s"end
if aE<3600 then
return G(math.floor(aE/60)).." min"end
if aE<172800 then
return G(math.floor(aE/3600)).." h"end
return G(math.floor(aE/86400)).." d"end
do
local dL,dv,dd
function dL(h,j)local by=h.vm
local aD=by.state
local eD=by.since
local al=by.reason
if aD=="starting"or aD=="stopping"then
return aD.." "..a.M(j-eD)end
return(al==nil or al=="")and aD or aD.." ("..al..")"end
function dv(h)local F={}for k,r in m(h.links)do
if r.state=="broken"or r.state=="healing"then
F[#F+1]=r.name.." "..r.state
end
end
if h.mux.hijacked==true then
F[#F+1]="mux hijacked"end
local bz=h.codec.verdict=="different"if bz then
local ch=a.G(h,"mux")bz=(ch and ch.state)=="up"end
if bz then
F[#F+1]="WezTerm versions differ"end
local dc=dd(h.pendingPlan)if dc~=""then
F[#F+1]=dc
end
return F
end
function dd(bo)if bo==nil then
return""end
if bo.recreate>0 then
return"recreate pending"end
if bo.restart>0 then
return"restart pending"end
return bo.rebuild>0 and"rebuild pending"or""end
function a.aS(h,j,as)if h==nil then
return as.always and"ascalon: unknown"or""end
local dG=a.I(h,j)if dG>0 then
return"ascalon: no news for "..a.M(dG)end
if h.vm.state=="absent"then
return as.always and"ascalon: no VM"or""end
local F=h.vm.state=="running"and dv(h)or({dL(h,j)})if#F==0 and not as.always then
return""end
if as.always and h.generation~=nil then
F[#F+1]="generation "..G(h.generation)end
return#F==0 and"ascalon: up"or"ascalon: "..table.concat(F,", ")end
end
function a.aI()return{i=a.d("wanted"),g=a.d("link_since"),d=a.d("lost_at"),f=a.d("attempts"),h=a.d("next_at")}end
function a.aN(p)a.c("wanted",p.i)a.c("link_since",p.g)a.c("lost_at",p.d)a.c("attempts",p.f)a.c("next_at",p.h)end
do
local aL,dI,dp,cq,cZ,cP
local S=a.x
function aL(e,b,d,h,j)local aw=a.w(e)local ba=(aw and aw:state())=="Attached"dp(b,d,h,j,ba)if ba and a.a.c.keep_local_tab and j-a.d("local_tab_at")>=cP then
a.c("local_tab_at",j)if not a.U(e)then
a.F("keep-local-tab",function(aK)return a.W(aK,b:mux_window())end)end
end
if a.d("started")==0 then
a.c("started",1)if dI()then
a.F("startup",function(aK)return a.v(aK,b,d,"show")end)end
end
cq(e,b,d,h)end
function dI()return(a.a.c.attach or a.a.b.attach)=="startup"end
function dp(b,d,h,j,ba)local p=a.aI()local bZ=a.aT(p,{now=j,attached=ba,o=a.E(j),status=h})a.aN(bZ.e)if p.d==0 and bZ.e.d>0 then
a.h(b,"The connection to the VM was lost.")end
local bw=a.ay(j)if bw then
local ci=a.T(h,j)bw=(ci and ci.state)=="up"end
local eI=bw
if eI or bZ.attach and a.a.c.reattach then
a.c("wish_until",0)a.F("reattach",function(e)return S(e,b,d,a.a.b.domain,"show")end)end
end
function cq(e,b,d,h)if h==nil then
return
end
local O=a.d("vm_state")local cp=cZ(h.vm.state)if O==cp then
return
end
a.c("vm_state",cp)local c=a.K[O]if c~=nil then
a.q(e,"ascalon.vm.changed",b,d,{from=c,to=h.vm.state})end
end
function cZ(aD)local bm=1
while a.K[bm]~=aD do
bm=bm+1
end
return bm
end
function a.am(h,j)local aa=a.d("notice_until")-j
if aa>0 and aa<=10 and a.X()~=""then
return a.X()end
local i=a.aS(h,j,{always=a.a.c.status=="always"})if a.a.n==nil then
return i
end
return i==""and"ascalon: versions differ"or i..", versions differ"end
cP=5
function a.aM()a.l("update-status",function(e,b,d)local j=os.time()local h=a.A()if a.d("tick_at")~=j then
a.c("tick_at",j)aL(e,b,d,h,j)end
if a.a.c.status~=false then
b:set_right_status(a.am(h,j))end
end)end
end
do
local ds
function ds()for k,A in m(a.a.b.palette)do
a.l(a.z(A.id),function(e,b,d)return a.aO(e,b,d,A)end)end
end
local cS="ascalon.handlers"function a.aJ()local dR=_G.package
local cO=dR.loaded
if cO[cS]==true then
return
end
cO[cS]=true
a.l(a.i.attach,function(e,b,d)return a.v(e,b,d,"show")end)a.l(a.i.new_tab,function(e,b,d)return a.v(e,b,d,"tab")end)a.l(a.i.detach,function(e,b)return a.av(e,b)end)a.l(a.i.new_local_tab,function(dW,b,d)return a.aD(b,d)end)a.l(a.i.menu,function(dW,b,d)return a.aR(b,d)end)a.l(a.i.docs,function()return a.aE()end)ds()a.aL(function(e,b,d,I)if av(I,"ascalon.")then
b:perform_action(a.s(I),d)else
a.aP(e,b,d,I)end
end)a.aK()a.aM()if a.a.c.palette then
a.N()end
end
end
do
local cJ
function cJ(az)if#az~=1 then
return false
end
local u=string.byte(az,1)or 0/0
return u>=65 and u<=90 or u>=97 and u<=122
end
function a.ab(P)local bp=a.m(P,"+")if bp<0 or bp==#P-1 then
return nil
end
return{mods=M(P,0,bp),key=M(P,bp+1)}end
local dX={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.O(az,es)local bh={}for k,H in m(a.o(table.concat(a.o(string.upper(es)," "),""),"|"))do
local f=dX[H]if f~=nil then
bh[f]=true
end
end
local aA=az
for k,aT in m({"phys:","mapped:","raw:"})do
if av(aA,aT)then
aA=M(aA,#aT)end
end
if cJ(aA)then
if bh.SHIFT==true then
aA=string.upper(aA)end
bh.SHIFT=false
end
local Z=""for k,f in m({"ALT","CTRL","LEADER","SHIFT","SUPER"})do
if bh[f]==true then
Z=Z..f.."|"end
end
return Z..aA
end
end
do
local bG,de,cL,bB
function bG(f,E)if E==nil or E==true then
if f=="attach"then
return a.ab(a.a.b.key)end
elseif E~=false then
local P=de(E)if P~=nil then
return P
end
a.g("keys."..f.." is false, \"CMD|SHIFT+A\" or { key = …, mods = … }")return bG(f,nil)end
return nil
end
function de(E)if z(E)=="string"then
return a.ab(E)end
local c=a.e(E)local az=a.b(c.key)if az==nil then
return nil
end
return{key=az,mods=a.b(c.mods)or""}end
function cL(bg,Z)for k,ac in m(bg)do
if z(ac.key)=="string"and a.O(ac.key,ac.mods or"")==Z then
return true
end
end
return false
end
function a.ao()local dT=a.a.c
local bP=dT.keys
if bP==false then
return{}end
a.L(bP,a.p,"keys.")local bD={}for k,f in m(a.p)do
local P=bG(f,bP[f])if P~=nil then
bD[#bD+1]={key=P.key,mods=P.mods,action=a.s(a.i[f])}end
end
return bD
end
function a.aq(T)local bg=T.keys or({})local aQ={}for k,ac in m(a.ao())do
local Z=a.O(ac.key,ac.mods or"")if not cL(bg,Z)then
aQ[#aQ+1]=ac
elseif not bB[Z]then
a.g(Z.." is bound already; left as it is")end
bB[Z]=true
end
for k,ac in m(bg)do
aQ[#aQ+1]=ac
end
T.keys=aQ
end
bB={}end
local Q={}local aG
function aG(J,aL)local n,t=K(aL)if not n then
a.u(J,t)end
end
Q.version="0.1.0"Q.contract_version=a.r
Q.action={}for k,f in m(a.p)do
Q.action[f]=a.s(a.i[f])end
function Q.apply_to_config(T,ew)if s.gui==nil then
return T
end
aG("options",function()a.a.c=a.ae(ew)end)aG("plugin.json",function()return a.aB(a.a.c)end)aG("domains",function()return a.ap(T,a.a.b)end)aG("keys",function()return a.aq(T)end)aG("events",function()return a.aJ()end)return T
end
function Q.keys()return a.ao()end
function Q.palette_entries()return a.aa()end
function Q.chain_palette()a.N()end
function Q.status_text(eK)local n,i=K(function()return a.am(a.A(),os.time())end)return n and i or""end
return Q
