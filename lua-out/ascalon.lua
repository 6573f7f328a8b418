-- ascalon 0.1.0, contract 1: generated from src/wezterm and src/shared, do not edit.
local f,b,e,d=pcall,ipairs,tostring,type
local c=require("wezterm")local function g(a,b,c)return string.sub(a,b+1,c)end
local function l(a)return d(a)=="table"and(a[1]~=nil or next(a)==nil)end
local function j(a,b)return string.byte(a,b+1)end
local function i(b,a)return string.sub(b,1,#a)==a end
local a={}a.r=1
a.J={plugin="wezterm/plugin.json",bundle="wezterm/ascalon.lua",status="status.json",socket="sock/mux.sock"}a.aw="ascalon"a.aH="ascalon-proxy"a.i={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}a.p={"attach","detach","new_tab","new_local_tab","menu","docs"}a.z=function(a)return"ascalon.cli."..a end
a.s=function(a)return c.action.EmitEvent(a)end
function a.e(a)return d(a)=="table"and a~=nil and a or({})end
function a.b(a)return d(a)=="string"and a or nil
end
function a.f(a)return d(a)=="number"and math.floor(a)or nil
end
function a.j(c,d)local a={}if not l(c)then
return a
end
for e,c in b(c)do
local b=d(c)if b~=nil then
a[#a+1]=b
end
end
return a
end
function a.n(c,a,d)for b,a in b(a)do
if a==c then
return a
end
end
return d
end
a.aG="up;Start the VM;md_play;tab\nshell;Shell in the VM;md_console;tab\nstatus;Show the VM's status;md_information;tab\nstop;Stop the VM;md_stop;silent\nrestart;Restart the VM;md_restart;tab\nrebuild;Rebuild the guest;md_hammer_wrench;tab\nheal;Repair the links;md_bandage;silent\ndoctor;Look for what is wrong (doctor);md_stethoscope;tab\nlogs;Show the logs;md_text_box_search;tab\nagent logs;Show the agent's log;md_text_box;tab\nconfig edit;Edit the settings;md_cog;tab"function a.o(a,b)return(string.find(a,b,nil,true)or 0)-1
end
function a.m(d,e)local c={}local b=d
do
local d=a.o(b,e)while d>=0 do
c[#c+1]=g(b,0,d)b=g(b,d+#e)d=a.o(b,e)end
end
c[#c+1]=b
return c
end
do
local b,f,d
function b(c)local e,f,g,h=table.unpack(a.m(c,";"),1,4)local b=a.m(e," ")return d({id=table.concat(b,"-"),brief=f,icon=g,argv=b,runs=h})end
function f(e)local b=a.e(e)local c=a.b(b.host)local d=a.b(b.guest)if c==nil or d==nil then
return nil
end
return{host=c,guest=d}end
function d(e)local b=a.e(e)local c=a.b(b.id)local d=a.b(b.brief)if c==nil or d==nil then
return nil
end
return{id=c,brief=d,doc=a.b(b.doc)or"",icon=a.b(b.icon)or"md_server",argv=a.j(b.argv,a.b),runs=a.n(b.runs,{"tab","silent"},"tab")}end
function a.R(b,c)return{contract=a.r,ascalon="",cli={},statusPath=b.."/"..a.J.status,domain=a.aw,socketPath=b.."/"..a.J.socket,proxyDomain=a.aH,proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette=c,docsUrl=""}end
function a.aI(e,c)local b=a.e(e)return{contract=a.f(b.contract)or 0,ascalon=a.b(b.ascalon)or"",cli=a.j(b.cli,a.b),statusPath=a.b(b.statusPath)or c.statusPath,domain=a.b(b.domain)or c.domain,socketPath=a.b(b.socketPath)or c.socketPath,proxyDomain=a.b(b.proxyDomain)or c.proxyDomain,proxyCommand=a.j(b.proxyCommand,a.b),attach=a.n(b.attach,{"key","startup"},c.attach),key=a.b(b.key)or c.key,mounts=a.j(b.mounts,f),palette=a.j(b.palette,d),docsUrl=a.b(b.docsUrl)or c.docsUrl}end
function a.at(b,d)if b==a.r then
return nil
end
local c="The plugin speaks contract "..e(a.r)..", ascalon "..d.." contract "..e(b)return b<a.r and c..": upgrade ascalon."or c..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
a.aF=function()return a.j(a.m(a.aG,"\n"),b)end
end
function a.ad(b)local a=io.open(b,"r")if a==nil then
return nil
end
local c=a:read(65536)a:close()return c
end
function a.ac(a)local b,d=f(c.json_parse,a)if b then
return d
end
return nil
end
function a.g(a)c.log_warn("ascalon: "..a)end
function a.u(d,f)local b=e(f)if a.o(b,"not found")>=0 then
a.g(b)else
c.log_error("ascalon: "..d..": "..b)end
end
do
local c
function c(c,d)local e=math.min(#c,#d)local a=0
while a<e and j(c,a)==j(d,a)do
a=a+1
end
local b=0
while a+b<e and j(c,#c-1-b)==j(d,#d-1-b)do
b=b+1
end
return a+b
end
function a.aC(d,a)for e,a in b(a)do
local b=math.max(#d,#a)if b-c(d,a)<=2 and b>3 then
return a
end
end
return nil
end
end
do
local g,c
function g(d)if d==false then
return{open=false,notify=false,attach=false}end
local b=a.e(d)a.L(b,{"attach","notify","open"},"messages.")return{open=c(b,"open",true),notify=c(b,"notify",true),attach=c(b,"attach",true)}end
function c(e,c,f)local b=e[c]if d(b)=="boolean"then
return b
end
if b~=nil then
a.g(c.." is true or false")end
return f
end
function a.L(b,c,d)for b in pairs(b)do
if a.n(b,c,"")==""then
local e=a.aC(b,c)a.g("unknown option "..d..b..(e==nil and""or"; did you mean "..d..e.."?"))end
end
end
local h={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.ae(e)if e~=nil and d(e)~="table"then
a.g("the options must be a table")end
local b=a.e(e)a.L(b,h,"")local f=a.n(b.attach,{"key","startup"},"")if b.attach~=nil and f==""then
a.g("attach is \"key\" or \"startup\"")end
local i=d(b.cli)=="string"and({b.cli})or a.j(b.cli,a.b)return{plugin_json=a.b(b.plugin_json),cli=i,keys=b.keys~=false and a.e(b.keys),attach=f~=""and f or nil,palette=c(b,"palette",false),status=b.status=="always"and"always"or c(b,"status",false),notifications=c(b,"notifications",true),reattach=c(b,"reattach",true),keep_local_tab=c(b,"keep_local_tab",true),same_place=c(b,"same_place",true),messages=g(b.messages)}end
end
function a.ak()local a=os.getenv("XDG_STATE_HOME")local b=a
return(b and i(a,"/")and a or c.home_dir.."/.local/state").."/ascalon"end
a.a={c=a.ae(nil),b=a.R(a.ak(),{}),k={},n=nil,q=nil}function a.t(b)return b==a.a.b.domain or b==a.a.b.proxyDomain
end
do
local g=a.ak
function a.aB(b)local e=b.plugin_json or g().."/"..a.J.plugin
c.add_to_config_reload_watch_list(e)local h=a.R(g(),#b.cli>0 and a.aF()or({}))local i=a.ad(e)local f=a.ac(i or"")if i~=nil and d(f)~="table"then
a.g(e.." is damaged")end
a.a.b=d(f)=="table"and a.aI(f,h)or h
a.a.k=#b.cli>0 and b.cli or a.a.b.cli
a.a.n=a.at(a.a.b.contract,a.a.b.ascalon)if a.a.n~=nil then
a.g(a.a.n)end
end
end
do
local d
function d(d,c)for d,b in b(d)do
if b.name==c.name then
if b.socket_path~=c.socket_path then
a.g("unix_domains already has "..c.name.."; it is left as it is")end
return
end
end
d[#d+1]=c
end
function a.ap(e,a)local c={}for b,a in b(e.unix_domains or({{name="unix"}}))do
c[#c+1]=a
end
d(c,{name=a.domain,socket_path=a.socketPath,no_serve_automatically=true})if#a.proxyCommand>0 then
d(c,{name=a.proxyDomain,proxy_command=a.proxyCommand,no_serve_automatically=true})end
e.unix_domains=c
end
end
do
local c
function c(a,b)if a<b then
return"Install a newer WezTerm here (macOS: brew install --cask wezterm@nightly) and start it again, or pin the VM's to this one."end
return"Update the VM's WezTerm: update the flake's nixpkgs input, then run ascalon rebuild."end
function a.as(a,b)if a==nil or b==nil then
return{verdict="unknown"}end
if a.codec==b.codec then
return{verdict="equal"}end
return{verdict="different",sentence="WezTerm here is "..a.version.." (codec "..e(a.codec)..") and the VM's is "..b.version.." (codec "..e(b.codec).."); WezTerm attaches only to its own codec.",fix=c(a.codec,b.codec)}end
end
function a.G(a,c)for b,a in b(a.links)do
if a.name==c then
return a
end
end
return nil
end
a.K={"absent","stopped","starting","running","stopping","broken","unknown"}a.aA={"off","waiting","up","broken","healing"}function a.I(a,b)if b>a.nextWriteBy then
return b-a.nextWriteBy
end
if a.writtenAt>b+60 then
return a.writtenAt-b
end
return 0
end
function a.T(b,c)if b==nil or a.I(b,c)>0 then
return nil
end
return a.G(b,"mux")end
do
local e,f,c,g,h,i,d,j
function e(b)if not b.w then
return a.k(a.P,{"Run this once in a terminal: ascalon wezterm install"},{})end
if not b.p then
return{a="ask"}end
return a.k("ascalon gives no answer about the VM.",{"ascalon doctor tells what is wrong."},{"doctor"})end
function f(e,g)local h=e
local b=h.vm
local f=j[b.state]if f~=nil then
return{a="start",sentence=f}end
if b.state=="broken"then
return a.k("The VM is broken"..d(b.reason)..".",{"ascalon up repairs it."},{"up","doctor"})end
return c(e,g)end
function c(c,e)if c.mux.hijacked==true then
return a.k("Another WezTerm server has taken the VM's socket.",{(c.mux.exe or"It").." answers at "..c.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local b=a.G(c,"mux")if b==nil or b.state=="off"then
return{a="start",sentence="The VM runs without a link to WezTerm: making it."}end
if b.state=="waiting"or b.state=="healing"then
return{a="wait",sentence="The link to the VM is being made"..d(b.reason).."."}end
if b.state=="broken"then
return a.k("The link to the VM is broken"..d(b.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return g(c,e)end
function g(b,d)local c=d==nil and b.codec or a.as(h(b,d),i(b))if c.verdict~="different"then
return{a="attach"}end
return a.k(a.an,{c.sentence or"",c.fix or""},{"rebuild","doctor"})end
function h(a,c)for b,a in b(a.gui)do
if a.pid==c then
return a
end
end
return nil
end
function i(c)local a=c.mux
local b=a.codec
local d=a.version
if b==nil then
return nil
end
return{codec=b,version=d or"of unknown version"}end
function d(a)return(a==nil or a=="")and""or": "..a
end
a.k=function(a,b,c)return{a="explain",m=a,t=b,u=c}end
a.an="WezTerm here and in the VM speak different versions."a.P="The plugin does not know where ascalon is."function a.au(b)if b.o then
return{a="busy"}end
if b.domain=="unregistered"then
return a.k("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
if b.domain=="attached"then
return{a=b.y and"focus"or"spawn"}end
local c=b.status
if c==nil or a.I(c,b.now)>0 and not b.p then
return e(b)end
return f(c,b.x)end
j={absent="There is no VM yet: making it.",stopped="The VM is stopped: starting it.",starting="The VM is starting: waiting for it.",stopping="The VM is stopping: starting it again."}end
do
local d,b,c
function d(a)if b(a,"failed to connect to Socket")then
return"Nothing listens at the VM's socket."end
if b(a,"Timed out while parsing")then
return"The VM accepts the connection and does not answer."end
if b(a,"EOF while reading")or b(a,"os error 104")or b(a,"Internal channel was closed")then
return"The link is open and the VM's WezTerm server does not answer behind it."end
return"WezTerm could not attach to the VM."end
function a.ax(g)local b=c(g,"\nstack traceback:")local h,e,f=table.unpack(a.m(b,"(codec version "),1,3)if e~=nil and f~=nil then
local b="Codec "..c(f,")").." here and "..c(e,")").." in the VM; WezTerm attaches only to its own codec."return a.k(a.an,{b},{"rebuild","doctor"})end
return a.k(d(b),{string.sub(c(b,"\n"),1,200)},{"doctor","heal"})end
b=function(b,c)return a.o(b,c)>=0 end
c=function(b,c)return a.m(b,c)[1]or""end
end
do
local d,b
function d(c,i)return function(d,g,j,k)local l,h=f(i,b,d,g,j,k)if l then
return
end
a.u(c,h)a.q(b,"ascalon.error",d,g,{event=c,message=e(h)})end
end
function a.q(c,b,d,g,h)local i,j=f(c.emit,b,d,g,h)if not i then
a.g("a handler of "..b..": "..e(j))end
end
b=c
function a.l(a,b)c.on(a,d(a,b))end
function a.ar(a,b)return c.action_callback(d(a,b))end
function a.F(d,e)c.time.call_after(0.01,function()local c,g=f(e,b)if not c then
a.u(d,g)end
end)end
end
function a.d(b)local a=c.GLOBAL["ascalon_"..b]return d(a)=="number"and a or 0
end
function a.c(a,b)c.GLOBAL["ascalon_"..a]=b
end
do
local e=10
local d={text=""}function a.h(g,b)c.log_info("ascalon: "..b)d.text=b
a.c("notice_until",os.time()+e)if a.a.c.notifications then
f(function()return g:toast_notification("ascalon",b,nil,5000)end)end
end
function a.X()return d.text
end
end
do
local e,f
function a.ai(d,e,f,g)local b=a.a.q
if b==nil then
return
end
local h=c.action.InputSelector({title="ascalon",description=f,choices=g,action=b})d:perform_action(h,e)end
function e(b)if b=="proxy"then
return#a.a.b.proxyCommand>0
end
return#a.a.k>0
end
function f(e,f)local d={}local c=""for b,a in b(a.m(e," "))do
if c~=""and#c+1+#a>f then
d[#d+1]=c
c=a
else
c=c==""and a or c.." "..a
end
end
if c~=""then
d[#d+1]=c
end
return d
end
function a.aj(g,h,d)a.h(g,d.m)local c={}for b,a in b(d.u)do
if e(a)then
c[#c+1]={label=a=="proxy"and"Attach over ssh instead"or"Run ascalon "..a,id=a}end
end
for d,a in b(d.t)do
for b,a in b(f(a,76))do
c[#c+1]={label=a,id=""}end
end
c[#c+1]={label="Close",id=""}a.ai(g,h,d.m,c)end
function a.aN(b)a.a.q=a.ar("ascalon.chosen",function(c,d,e,a)if a~=nil and a~=""then
b(c,d,e,a)end
end)end
function a.aE()if a.a.b.docsUrl~=""then
c.open_with(a.a.b.docsUrl)end
end
end
function a.B(a)local b,c=f(function()return a:get_domain_name()end)return b and c or nil
end
function a.C(c,f)for d,c in b(c)do
for e,d in b(c:tabs())do
for g,b in b(d:panes())do
local e=a.B(b)if e~=nil and f(e)then
return{window=c,tab=d,pane=b}end
end
end
end
return nil
end
do
a.aS={ask=20,attach=90,spawn=10}local d=10
function a.E(b)local c=b-a.d("seen_at")if c<0 or c>d then
a.c("busy_until",a.d("busy_until")+c)end
a.c("seen_at",b)return a.d("busy_until")>b
end
function a.y(b,d)local c=a.d("ticket")+1
a.c("ticket",c)a.c("busy_until",b+d)a.c("seen_at",b)return c
end
function a.V(b)return a.d("ticket")==b
end
function a.D(b)if a.V(b)then
a.c("busy_until",0)end
end
end
do
function a.Z(c)local b={}local a=c
while a~=""do
local c=(string.find(a,"/",nil,true)or 0)-1
local d=c==-1 and a or g(a,0,c)a=c==-1 and""or g(a,c+1)if d==".."then
table.remove(b)elseif d~=""and d~="."then
b[#b+1]=d
end
end
return"/"..table.concat(b,"/")end
local function d(b,a)if b=="/"then
return a=="/"and""or a
end
if a==b then
return""end
local c=b.."/"return g(a,0,#c)==c and g(a,#b)or nil
end
local function e(e,f,c)local a
for f,b in b(f)do
do
if d(b[c],e)==nil then
goto __continue10
end
if a==nil or#b[c]>#a[c]then
a=b
end
end::__continue10::end
return a
end
local function c(k,f,g,b)local h=a.Z(k)local c=e(h,f,g)if c==nil then
return nil
end
local i=a.Z(c[b]..(d(c[g],h)or""))local j=e(i,f,b)return j~=nil and j[b]==c[b]and i or nil
end
function a.aX(a,b)return c(a,b,"host","guest")end
function a.aY(a,b)return c(a,b,"guest","host")end
end
do
local b,h,j,e
function b(e,f)local c=a.B(e)if not a.a.c.same_place or c==nil then
return nil
end
local b=a.t(c)if not b and c~="local"then
return nil
end
local d=h(e,b)if d==nil or b==(f=="vm")then
return d
end
local g=b and a.aY or a.aX
return g(d,a.a.b.mounts)end
function h(c,b)local g,a=f(function()return c:get_current_working_dir()end)if not g or a==nil then
return nil
end
if d(a)=="string"then
return j(a,b)end
return(b or e(a.host or""))and a.file_path or nil
end
function j(d,f)if not i(d,"file://")then
return nil
end
local b=string.sub(d,8)local c=a.o(b,"/")if c<0 then
return nil
end
return(f or e(g(b,0,c)))and g(b,c)or nil
end
function e(a)return a==""or a=="localhost"or a==c.hostname()end
function a.Y(a,c,d)a:mux_window():spawn_tab({domain={DomainName=d},cwd=b(c,"vm")})end
function a.aD(a,c)a:mux_window():spawn_tab({domain={DomainName="local"},cwd=b(c,"local")})end
end
do
local c,e,f,g,h,i
function c(e)local b=a.e(e)local c=a.b(b.name)if c==nil then
return nil
end
return{name=c,state=a.n(b.state,a.aA,"off"),reason=a.b(b.reason),since=a.f(b.since)or 0,rttMs=d(b.rttMs)=="number"and b.rttMs or nil,nextAttemptAt=a.f(b.nextAttemptAt),target=a.b(b.target),chosen=a.b(b.chosen)}end
function e(e)local b=a.e(e)local c=a.f(b.pid)local d=a.f(b.codec)if c==nil or d==nil then
return nil
end
return{pid=c,codec=d,version=a.b(b.version)or"of unknown version"}end
function a.aJ(m)local b=a.e(m)local j=a.f(b.schema)local k=a.f(b.writtenAt)local l=a.f(b.nextWriteBy)if j==nil or k==nil or l==nil then
return nil
end
return{schema=j,writtenAt=k,nextWriteBy=l,ascalon=a.b(b.ascalon)or"",vm=f(a.e(b.vm)),links=a.j(b.links,c),mux=g(a.e(b.mux)),gui=a.j(b.gui,e),codec=h(a.e(b.codec)),generation=a.f(b.generation),pendingPlan=d(b.pendingPlan)=="table"and i(a.e(b.pendingPlan))or nil,attention=a.j(b.attention,a.b)}end
f=function(b)return{state=a.n(b.state,a.K,"unknown"),since=a.f(b.since)or 0,reason=a.b(b.reason)}end
g=function(b)return{socketPath=a.b(b.socketPath)or"",codec=a.f(b.codec),version=a.b(b.version),exe=a.b(b.exe),hijacked=b.hijacked==true}end
h=function(b)return{verdict=a.n(b.verdict,{"equal","different","unknown"},"unknown"),sentence=a.b(b.sentence),fix=a.b(b.fix)}end
i=function(b)return{restart=a.f(b.restart)or 0,rebuild=a.f(b.rebuild)or 0,recreate=a.f(b.recreate)or 0}end
end
do
function a.al(b)return a.aJ(a.ac(b))end
local b={text=nil,status=nil}function a.A()local c=a.ad(a.a.b.statusPath)if c==b.text then
return b.status
end
b.text=c
b.status=a.al(c or"")return b.status
end
end
do
local d,g
function d(c,d)local a=c.mux.get_pane(d)if a==nil then
return false
end
local b=a:tab()if b~=nil then
b:activate()end
a:activate()return true
end
function a.U(b)local function c(b)return not a.t(b)and b~=g
end
return a.C(b.mux.all_windows(),c)~=nil
end
local h="code=$?; printf '\\n[ended with %s; Enter closes this tab] ' \"$code\"; read -r _; exit \"$code\""local j="\"$@\"; "..h
local k="\"$@\" && { sleep 1; exit 0; }; "..h
function a.Q(d)local c={}for b,a in b(a.a.k)do
c[#c+1]=a
end
for b,a in b(d)do
c[#c+1]=a
end
return c
end
local function i(d,e)local c={"/bin/sh","-c",d,"sh"}for b,a in b(a.Q(e))do
c[#c+1]=a
end
return c
end
local function c(a,b)return a:spawn_tab({domain={DomainName="local"},args=b})end
function a.ag(a,b)c(a:mux_window(),i(j,b))end
function a.ah(e,g)local b=a.d("up_pane")if b>0 then
local a,c=f(function()return d(e,b-1)end)if a and c then
return
end
end
local j,h=c(g:mux_window(),i(k,{"up","--attach"}))a.c("up_pane",h:pane_id()+1)end
function a.W(e,b)if a.U(e)then
return
end
local d=b:active_tab()c(b)if d~=nil then
d:activate()end
end
g="TermWizTerminalDomain"function a.af(c,d)local b={success=false,stdout="",stderr=""}local g,h=f(function()local e,f,g=c.run_child_process(a.Q(d))b={success=e,stdout=f,stderr=g}end)return g and b or({success=false,stdout="",stderr=e(h)})end
end
do
local b,d,k,c,h,l,m,i,n
local j=a.aS
function b(c,e,f)local b=a.w(c)return a.au({now=os.time(),status=e,domain=b==nil and"unregistered"or(b:state()=="Attached"and"attached"or"detached"),y=(b and b:has_any_panes())==true,o=a.E(os.time()),p=f,w=#a.a.k>0,x=d()})end
function a.w(c)local b=c.mux.get_domain(a.a.b.proxyDomain)if(b and b:state())=="Attached"then
return b
end
return c.mux.get_domain(a.a.b.domain)end
function d()local b=os.getenv("WEZTERM_UNIX_SOCKET")or""local c=a.o(b,"gui-sock-")if c<0 then
return nil
end
return tonumber(g(b,c+9))end
function k(d,g,h,i)local e=a.y(os.time(),j.ask)local f=a.af(d,{"attach","--json"})local k=f.success
local l=f.stdout
if not a.V(e)then
return
end
a.D(e)local m=b(d,a.al(k and l or""),true)c(d,g,h,i,m)end
function c(d,c,e,f,b)if b.a=="attach"then
a.x(d,c,e,a.a.b.domain,f)elseif b.a=="focus"and f=="show"then
m(d,c)elseif b.a=="focus"or b.a=="spawn"then
a.Y(c,e,n(d))elseif b.a=="start"then
l(d,c,b.sentence)elseif b.a=="wait"then
a.c("wish_until",os.time()+i)a.h(c,b.sentence)elseif b.a=="explain"then
h(d,c,e,b)end
end
function h(e,b,c,d)a.aj(b,c,d)a.q(e,"ascalon.attach.failed",b,c,{message=d.m})end
function l(c,b,d)local g=a.y(os.time(),j.spawn)a.h(b,d)local h,i=f(a.ah,c,b)a.D(g)if not h then
a.h(b,"ascalon could not be started: "..e(i))end
end
function a.x(c,b,d,g,k)local i=c.mux.get_domain(g)if i==nil or a.E(os.time())then
return
end
local l=a.y(os.time(),j.attach)a.q(c,"ascalon.attach.start",b,d,{domain=g})local m,n=f(function()return i:attach(b:mux_window())end)a.D(l)if not m then
a.c("failed_at",os.time())h(c,b,d,a.ax(e(n)))return
end
a.c("wanted",1)if k=="tab"or not i:has_any_panes()then
a.Y(b,d,g)end
a.q(c,"ascalon.attach.finished",b,d,{domain=g})end
function m(d,e)local c=e:mux_window()local b=a.C({c},a.t)or a.C(d.mux.all_windows(),a.t)if b==nil then
return
end
b.tab:activate()if b.window:window_id()~=c:window_id()then
local a=b.window:gui_window()if a~=nil then
a:focus()end
end
end
i=30
function a.v(d,e,f,g)local h=os.time()-a.d("failed_at")if h>=0 and h<2 then
return
end
local i=b(d,a.A(),false)if i.a=="ask"then
k(d,e,f,g)else
c(d,e,f,g,i)end
end
n=function(c)local b=a.w(c)return b and b:name()or a.a.b.domain
end
function a.ay(c)local b=a.d("wish_until")-c
return b>0 and b<=i
end
end
do
local d,c
local e=a.x
function d(g,d,h,f)local b="ascalon "..table.concat(f," ")a.h(d,b.." …")local e=a.af(g,f)local i=e.success
local j=e.stdout
local k=e.stderr
if i then
local e=c(j,1)[1]a.h(d,e==nil and b..": done"or b..": "..e)return
end
local l=c(k,5)a.aj(d,h,{a="explain",m=b.." failed.",t=l,u={"doctor"}})end
function c(d,e)local c={}for b,a in b(a.m(d,"\n"))do
if a~=""then
c[#c+1]=string.sub(a,1,200)end
if#c>e then
table.remove(c,1)end
end
return c
end
function a.aQ(e,b,f,c)if#a.a.k==0 then
a.h(b,a.P)elseif c.runs=="tab"then
a.ag(b,c.argv)else
d(e,b,f,c.argv)end
end
function a.aR(d,b,f,c)if c=="up"then
a.ah(d,b)elseif c=="proxy"then
e(d,b,f,a.a.b.proxyDomain,"show")else
a.ag(b,{c})end
end
end
function a.av(d,b)a.c("wanted",0)a.c("wish_until",0)local c=a.w(d)if c==nil or c:state()~="Attached"then
a.h(b,"The VM is not attached.")return
end
a.W(d,b:mux_window())local g,h=f(function()return c:detach()end)if not g then
a.h(b,"WezTerm could not detach the VM: "..e(h))end
end
do
local h,k,b,c,d
function h(c)if#c>a.H.open then
return d
end
if not i(c,"https://")and not i(c,"http://")then
return b("not a web address")end
do
local d=0
while d<#c do
local a=j(c,d)if a<=32 or a>=127 or a==34 or a==39 or a==92 or a==96 then
return b("a bad character")end
d=d+1
end
end
return{a="open",value=c}end
function k(c)if c==""then
return b("empty")end
if#c>a.H.notify then
return d
end
local e=0
do
local d=0
while d<#c do
local a=j(c,d)local f=a<32 or a==127 or e==194 and a>=128 and a<160
if f then
return b("a bad character")end
e=a
d=d+1
end
end
return{a="notify",value=c}end
a.H={open=2048,notify=300,attach=64}function a.az(e,b,f,g)if e=="ascalon.open"and g.open then
return f=="vm"and h(b)or c
end
if e=="ascalon.notify"and g.notify then
return f=="vm"and k(b)or c
end
if e=="ascalon.attach"and g.attach then
if f~="local"then
return c
end
return#b>a.H.attach and d or({a="attach",value=b})end
return{a="ignore"}end
b=function(a)return{a="refuse",reason=a}end
c=b("not from that pane")d=b("too long")function a.aW(a,b,c,d)if b-a.j>=d or b<a.j then
return{v=true,e={j=b,l=1}}end
return{v=a.l<c,e={j=a.j,l=a.l+1}}end
end
do
local b,e,f,g,h
function b(j,g,h,d,k)if not i(d,"ascalon.")then
return
end
local b=a.az(d,k,e(h),a.a.c.messages)if b.a=="ignore"then
return
end
if b.a=="refuse"then
a.g(d.." refused: "..b.reason)return
end
if not f(b.a)then
return
end
if b.a=="open"then
c.open_with(b.value)elseif b.a=="notify"then
a.h(g,"VM: "..b.value)else
a.v(j,g,h,"show")end
end
function e(c)local b=a.B(c)if b=="local"then
return"local"end
return b~=nil and a.t(b)and"vm"or"other"end
function f(b)local d={j=a.d(b.."_window"),l=a.d(b.."_count")}local c=a.aW(d,os.time(),g,h)a.c(b.."_window",c.e.j)a.c(b.."_count",c.e.l)return c.v
end
g=5
h=10
function a.aM()a.l("user-var-changed",function(e,f,g,a,c)if d(a)=="string"and d(c)=="string"then
b(e,f,g,a,c)end
end)end
end
do
local i,h,g,e
function a.aa()local c={}for e,b in b(a.p)do
local d=h[b]if b~="menu"and(b~="docs"or a.a.b.docsUrl~="")then
c[#c+1]={brief="ascalon: "..d[1],icon=d[2],action=a.s(a.i[b])}end
end
for e,b in b(a.a.b.palette)do
local d="ascalon: "..b.brief
c[#c+1]={brief=d,doc=b.doc,icon=b.icon,action=a.s(a.z(b.id))}end
return c
end
function i(h,i)local c=a.aa()for l,j in b(e.r)do
local k,e=f(j,h,i)if not k then
a.u("another "..g.." handler",e)elseif d(e)=="table"then
for b,a in b(e)do
c[#c+1]=a
end
end
end
return c
end
h={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.aT(d,e)local c={}for d,b in b(a.p)do
if b~="menu"then
c[#c+1]={label=h[b][1],id=a.i[b]}end
end
for d,b in b(a.a.b.palette)do
c[#c+1]={label=b.brief,id=a.z(b.id)}end
a.ai(d,e,"ascalon",c)end
g="augment-command-palette"e={s=false,r={}}function a.N()if e.s then
return
end
e.s=true
local a=c.on
a(g,i)c.on=function(b,c)if b==g then
local a=e.r
a[#a+1]=c
else
a(b,c)end
end
end
end
do
local b,l
a.S={i=0,g=0,d=0,f=0,h=0}local m=5
local n=20
function a.aV(c,f)local o=f
local d=o.now
local e=a.T(f.status,d)local g=c
local j=g.i
local h=g.g
local k=g.d
local i=g.f
if f.attached then
return b(l(e==nil and h or e.since))end
if j==0 or f.o then
return b(c)end
if k==0 then
return b({i=j,g=h,d=d,f=i,h=d})end
if e==nil or e.state~="up"then
return b(c)end
if e.since<=h then
return b(d-k>n and a.S or c)end
if d<c.h then
return b(c)end
if i>=m then
return b(a.S)end
local p=d+(2<<i)return{attach=true,e={i=j,g=h,d=k,f=i+1,h=p}}end
b=function(a)return{e=a,attach=false}end
l=function(a)return{i=1,g=a,d=0,f=0,h=0}end
end
function a.M(b)local a=math.floor(math.max(b,0))if a<60 then
return e(a).." s"end
if a<3600 then
return e(math.floor(a/60)).." min"end
if a<172800 then
return e(math.floor(a/3600)).." h"end
return e(math.floor(a/86400)).." d"end
do
local f,g,h
function f(e,f)local c=e.vm
local b=c.state
local g=c.since
local d=c.reason
if b=="starting"or b=="stopping"then
return b.." "..a.M(f-g)end
return(d==nil or d=="")and b or b.." ("..d..")"end
function g(d)local c={}for b,a in b(d.links)do
if a.state=="broken"or a.state=="healing"then
c[#c+1]=a.name.." "..a.state
end
end
if d.mux.hijacked==true then
c[#c+1]="mux hijacked"end
local e=d.codec.verdict=="different"if e then
local b=a.G(d,"mux")e=(b and b.state)=="up"end
if e then
c[#c+1]="WezTerm versions differ"end
local f=h(d.pendingPlan)if f~=""then
c[#c+1]=f
end
return c
end
function h(a)if a==nil then
return""end
if a.recreate>0 then
return"recreate pending"end
if a.restart>0 then
return"restart pending"end
return a.rebuild>0 and"rebuild pending"or""end
function a.aU(b,h,d)if b==nil then
return d.always and"ascalon: unknown"or""end
local i=a.I(b,h)if i>0 then
return"ascalon: no news for "..a.M(i)end
if b.vm.state=="absent"then
return d.always and"ascalon: no VM"or""end
local c=b.vm.state=="running"and g(b)or({f(b,h)})if#c==0 and not d.always then
return""end
if d.always and b.generation~=nil then
c[#c+1]="generation "..e(b.generation)end
return#c==0 and"ascalon: up"or"ascalon: "..table.concat(c,", ")end
end
function a.aK()return{i=a.d("wanted"),g=a.d("link_since"),d=a.d("lost_at"),f=a.d("attempts"),h=a.d("next_at")}end
function a.aP(b)a.c("wanted",b.i)a.c("link_since",b.g)a.c("lost_at",b.d)a.c("attempts",b.f)a.c("next_at",b.h)end
do
local c,f,g,h,d,i
local j=a.x
function c(c,b,d,j,e)local k=a.w(c)local l=(k and k:state())=="Attached"g(b,d,j,e,l)if l and a.a.c.keep_local_tab and e-a.d("local_tab_at")>=i then
a.c("local_tab_at",e)if not a.U(c)then
a.F("keep-local-tab",function(c)return a.W(c,b:mux_window())end)end
end
if a.d("started")==0 then
a.c("started",1)if f()then
a.F("startup",function(c)return a.v(c,b,d,"show")end)end
end
h(c,b,d,j)end
function f()return(a.a.c.attach or a.a.b.attach)=="startup"end
function g(e,h,f,b,i)local g=a.aK()local c=a.aV(g,{now=b,attached=i,o=a.E(b),status=f})a.aP(c.e)if g.d==0 and c.e.d>0 then
a.h(e,"The connection to the VM was lost.")end
local d=a.ay(b)if d then
local c=a.T(f,b)d=(c and c.state)=="up"end
local k=d
if k or c.attach and a.a.c.reattach then
a.c("wish_until",0)a.F("reattach",function(b)return j(b,e,h,a.a.b.domain,"show")end)end
end
function h(g,h,i,b)if b==nil then
return
end
local c=a.d("vm_state")local e=d(b.vm.state)if c==e then
return
end
a.c("vm_state",e)local f=a.K[c]if f~=nil then
a.q(g,"ascalon.vm.changed",h,i,{from=f,to=b.vm.state})end
end
function d(c)local b=1
while a.K[b]~=c do
b=b+1
end
return b
end
function a.am(e,c)local d=a.d("notice_until")-c
if d>0 and d<=10 and a.X()~=""then
return a.X()end
local b=a.aU(e,c,{always=a.a.c.status=="always"})if a.a.n==nil then
return b
end
return b==""and"ascalon: versions differ"or b..", versions differ"end
i=5
function a.aO()a.l("update-status",function(f,d,g)local b=os.time()local e=a.A()if a.d("tick_at")~=b then
a.c("tick_at",b)c(f,d,g,e,b)end
if a.a.c.status~=false then
d:set_right_status(a.am(e,b))end
end)end
end
do
local c
function c()for c,b in b(a.a.b.palette)do
a.l(a.z(b.id),function(c,d,e)return a.aQ(c,d,e,b)end)end
end
local d="ascalon.handlers"function a.aL()local e=_G.package
local b=e.loaded
if b[d]==true then
return
end
b[d]=true
a.l(a.i.attach,function(b,c,d)return a.v(b,c,d,"show")end)a.l(a.i.new_tab,function(b,c,d)return a.v(b,c,d,"tab")end)a.l(a.i.detach,function(b,c)return a.av(b,c)end)a.l(a.i.new_local_tab,function(d,b,c)return a.aD(b,c)end)a.l(a.i.menu,function(d,b,c)return a.aT(b,c)end)a.l(a.i.docs,function()return a.aE()end)c()a.aN(function(e,c,d,b)if i(b,"ascalon.")then
c:perform_action(a.s(b),d)else
a.aR(e,c,d,b)end
end)a.aM()a.aO()if a.a.c.palette then
a.N()end
end
end
do
local f
function f(b)if#b~=1 then
return false
end
local a=string.byte(b,1)or 0/0
return a>=65 and a<=90 or a>=97 and a<=122
end
function a.ab(b)local c=a.o(b,"+")if c<0 or c==#b-1 then
return nil
end
return{mods=g(b,0,c),key=g(b,c+1)}end
local h={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.O(j,k)local d={}for c,b in b(a.m(table.concat(a.m(string.upper(k)," "),""),"|"))do
local a=h[b]if a~=nil then
d[a]=true
end
end
local c=j
for b,a in b({"phys:","mapped:","raw:"})do
if i(c,a)then
c=g(c,#a)end
end
if f(c)then
if d.SHIFT==true then
c=string.upper(c)end
d.SHIFT=false
end
local e=""for b,a in b({"ALT","CTRL","LEADER","SHIFT","SUPER"})do
if d[a]==true then
e=e..a.."|"end
end
return e..c
end
end
do
local c,f,g,e
function c(d,b)if b==nil or b==true then
if d=="attach"then
return a.ab(a.a.b.key)end
elseif b~=false then
local e=f(b)if e~=nil then
return e
end
a.g("keys."..d.." is false, \"CMD|SHIFT+A\" or { key = …, mods = … }")return c(d,nil)end
return nil
end
function f(b)if d(b)=="string"then
return a.ab(b)end
local c=a.e(b)local e=a.b(c.key)if e==nil then
return nil
end
return{key=e,mods=a.b(c.mods)or""}end
function g(c,e)for c,b in b(c)do
if d(b.key)=="string"and a.O(b.key,b.mods or"")==e then
return true
end
end
return false
end
function a.ao()local f=a.a.c
local d=f.keys
if d==false then
return{}end
a.L(d,a.p,"keys.")local e={}for g,b in b(a.p)do
local f=c(b,d[b])if f~=nil then
e[#e+1]={key=f.key,mods=f.mods,action=a.s(a.i[b])}end
end
return e
end
function a.aq(d)local f=d.keys or({})local c={}for h,d in b(a.ao())do
local b=a.O(d.key,d.mods or"")if not g(f,b)then
c[#c+1]=d
elseif not e[b]then
a.g(b.." is bound already; left as it is")end
e[b]=true
end
for b,a in b(f)do
c[#c+1]=a
end
d.keys=c
end
e={}end
local h={}local k
function k(b,c)local d,e=f(c)if not d then
a.u(b,e)end
end
h.version="0.1.0"h.contract_version=a.r
h.action={}for c,b in b(a.p)do
h.action[b]=a.s(a.i[b])end
function h.apply_to_config(b,d)if c.gui==nil then
return b
end
k("options",function()a.a.c=a.ae(d)end)k("plugin.json",function()return a.aB(a.a.c)end)k("domains",function()return a.ap(b,a.a.b)end)k("keys",function()return a.aq(b)end)k("events",function()return a.aL()end)return b
end
function h.keys()return a.ao()end
function h.palette_entries()return a.aa()end
function h.chain_palette()a.N()end
function h.status_text(d)local b,c=f(function()return a.am(a.A(),os.time())end)return b and c or""end
return h
