-- ascalon 0.1.0, contract 1: generated from src/wezterm and src/shared, do not edit.
local f,b,e,d,g,m,n,o=pcall,ipairs,tostring,type,os.time,table.concat,math.floor,string.sub
local c=require("wezterm")local function i(a,b,c)return o(a,b+1,c)end
local function p(a)return d(a)=="table"and(a[1]~=nil or next(a)==nil)end
local function j(a,b)return string.byte(a,b+1)end
local function l(b,a)return o(b,1,#a)==a end
local a={}a.s=1
a.L={plugin="wezterm/plugin.json",bundle="wezterm/ascalon.lua",status="status.json",socket="sock/mux.sock"}a.aC="ascalon"a.aP="ascalon-proxy"a.j={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}a.q={"attach","detach","new_tab","new_local_tab","menu","docs"}a.C=function(a)return"ascalon.cli."..a end
a.t=function(a)return c.action.EmitEvent(a)end
function a.e(a)return d(a)=="table"and a~=nil and a or({})end
function a.b(a)return d(a)=="string"and a or nil
end
function a.f(a)return d(a)=="number"and n(a)or nil
end
function a.k(c,d)local a={}if not p(c)then
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
a.aO="up;Start the VM;md_play;tab\nshell;Shell in the VM;md_console;tab\nstatus;Show the VM's status;md_information;tab\nstop;Stop the VM;md_stop;silent\nrestart;Restart the VM;md_restart;tab\nrebuild;Rebuild the guest;md_hammer_wrench;tab\nheal;Repair the links;md_bandage;silent\ndoctor;Look for what is wrong (doctor);md_stethoscope;tab\nlogs;Show the logs;md_text_box_search;tab\nagent logs;Show the agent's log;md_text_box;tab\nconfig edit;Edit the settings;md_cog;tab"function a.o(a,b)return(string.find(a,b,nil,true)or 0)-1
end
function a.h(d,e)local c={}local b=d
do
local d=a.o(b,e)while d>=0 do
c[#c+1]=i(b,0,d)b=i(b,d+#e)d=a.o(b,e)end
end
c[#c+1]=b
return c
end
do
local b,f,d
function b(c)local e,f,g,h=table.unpack(a.h(c,";"),1,4)local b=a.h(e," ")return d({id=m(b,"-"),brief=f,icon=g,argv=b,runs=h})end
function f(e)local b=a.e(e)local c=a.b(b.host)local d=a.b(b.guest)if c==nil or d==nil then
return nil
end
return{host=c,guest=d}end
function d(e)local b=a.e(e)local c=a.b(b.id)local d=a.b(b.brief)if c==nil or d==nil then
return nil
end
return{id=c,brief=d,doc=a.b(b.doc)or"",icon=a.b(b.icon)or"md_server",argv=a.k(b.argv,a.b),runs=a.n(b.runs,{"tab","silent"},"tab")}end
function a.T(b,c)return{contract=a.s,ascalon="",cli={},statusPath=b.."/"..a.L.status,domain=a.aC,socketPath=b.."/"..a.L.socket,proxyDomain=a.aP,proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette=c,docsUrl=""}end
function a.aQ(e,c)local b=a.e(e)return{contract=a.f(b.contract)or 0,ascalon=a.b(b.ascalon)or"",cli=a.k(b.cli,a.b),statusPath=a.b(b.statusPath)or c.statusPath,domain=a.b(b.domain)or c.domain,socketPath=a.b(b.socketPath)or c.socketPath,proxyDomain=a.b(b.proxyDomain)or c.proxyDomain,proxyCommand=a.k(b.proxyCommand,a.b),attach=a.n(b.attach,{"key","startup"},c.attach),key=a.b(b.key)or c.key,mounts=a.k(b.mounts,f),palette=a.k(b.palette,d),docsUrl=a.b(b.docsUrl)or c.docsUrl}end
function a.az(b,d)if b==a.s then
return nil
end
local c="The plugin speaks contract "..e(a.s)..", ascalon "..d.." contract "..e(b)return b<a.s and c..": upgrade ascalon."or c..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
a.aN=function()return a.k(a.h(a.aO,"\n"),b)end
end
function a.ai(b)local a=io.open(b,"r")if a==nil then
return nil
end
local c=a:read(65536)a:close()return c
end
function a.ag(a)local b,d=f(c.json_parse,a)if b then
return d
end
return nil
end
function a.i(a)c.log_warn("ascalon: "..a)end
function a.y(d,f)local b=e(f)if a.o(b,"not found")>=0 or a.o(b,"not valid")>=0 then
a.i(b)else
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
function a.aJ(d,a)for e,a in b(a)do
local b=math.max(#d,#a)if b-c(d,a)<=2 and b>3 then
return a
end
end
return nil
end
end
do
local i,e,f
function i(c)if c==false then
return{open=false,notify=false,attach=false}end
local b=a.e(c)a.M(b,{"attach","notify","open"},"messages.")return{open=e(b,"open",true),notify=e(b,"notify",true),attach=e(b,"attach",true)}end
function e(c,e,g)local a=c[e]f(c,e,d(a)=="boolean","true or false")local b
if d(a)=="boolean"then
b=a
else
b=g
end
return b
end
function f(c,b,d,e)if c[b]~=nil and not d then
a.i(b.." is "..e)end
end
function a.M(b,c,d)for b in pairs(b)do
if a.n(b,c,"")==""then
local e=a.aJ(b,c)a.i("unknown option "..d..b..(e==nil and""or"; did you mean "..d..e.."?"))end
end
end
local k={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.aj(g)if g~=nil and d(g)~="table"then
a.i("the options must be a table")end
local c=a.e(g)a.M(c,k,"")local h=a.n(c.attach,{"key","startup"},"")local j=d(c.cli)=="string"and({c.cli})or a.k(c.cli,a.b)f(c,"attach",h~="","\"key\" or \"startup\"")f(c,"cli",#j>0,"a path or a list of words")f(c,"plugin_json",d(c.plugin_json)=="string","a path")for b,a in b({"keys","messages"})do
f(c,a,c[a]==false or d(c[a])=="table","false or a table")end
return{plugin_json=a.b(c.plugin_json),cli=j,keys=c.keys~=false and a.e(c.keys),attach=h~=""and h or nil,palette=e(c,"palette",false),status=c.status=="always"and"always"or e(c,"status",false),notifications=e(c,"notifications",true),reattach=e(c,"reattach",true),keep_local_tab=e(c,"keep_local_tab",true),same_place=e(c,"same_place",true),messages=i(c.messages)}end
end
function a.ar()local a=os.getenv("XDG_STATE_HOME")local b=a
return(b and l(a,"/")and a or c.home_dir.."/.local/state").."/ascalon"end
a.a={c=a.aj(nil),b=a.T(a.ar(),{}),k={},B=false,p=nil,x=nil}function a.p(b)return b==a.a.b.domain or b==a.a.b.proxyDomain
end
do
local g=a.ar
function a.ab()local b=a.a.c
a.a.B=true
local e=b.plugin_json or g().."/"..a.L.plugin
c.add_to_config_reload_watch_list(e)local h=a.T(g(),#b.cli>0 and a.aN()or({}))local i=a.ai(e)local f=a.ag(i or"")if i~=nil and d(f)~="table"then
a.i(e.." is damaged")end
a.a.b=d(f)=="table"and a.aQ(f,h)or h
a.a.k=#b.cli>0 and b.cli or a.a.b.cli
a.a.p=a.az(a.a.b.contract,a.a.b.ascalon)if a.a.p~=nil then
a.i(a.a.p)end
end
end
do
local f,e,c
function f(f,d,a)for d,b in b(d)do
if b.name==a.name then
if b.socket_path~=a.socket_path then
c("unix_domains",a.name)end
return
end
end
for e,d in b(e)do
for e,b in b(f[d]or({}))do
if b.name==a.name then
c(d,a.name)return
end
end
end
d[#d+1]=a
end
e={"ssh_domains","exec_domains","wsl_domains","tls_clients"}function a.av(e)local c=a.a.b
local d={}for b,a in b(e.unix_domains or({{name="unix"}}))do
d[#d+1]=a
end
f(e,d,{name=c.domain,socket_path=c.socketPath,no_serve_automatically=true})if#c.proxyCommand>0 then
f(e,d,{name=c.proxyDomain,proxy_command=c.proxyCommand,no_serve_automatically=true})end
e.unix_domains=d
end
c=function(b,c)return a.i(b.." already has "..c.."; it is left as it is")end
end
do
local c
function c(a,b)if a<b then
return"Install a newer WezTerm here (macOS: brew install --cask wezterm@nightly) and start it again, or pin the VM's to this one."end
return"Update the VM's WezTerm: update the flake's nixpkgs input, then run ascalon rebuild."end
function a.S(a,b)if a==nil or b==nil then
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
a.bf={"absent","stopped","starting","running","stopping","broken","unknown"}a.aI={"off","waiting","up","broken","healing"}function a.K(a,b)if b>a.nextWriteBy then
return b-a.nextWriteBy
end
if a.writtenAt>b+60 then
return a.writtenAt-b
end
return 0
end
function a.X(b,c)if b==nil or a.K(b,c)>0 then
return nil
end
return a.G(b,"mux")end
do
local e,f,g,h,i,j,d,c,k
function e(b)if not b.y then
return c
end
if not b.w then
return{a="ask"}end
return a.m("ascalon gives no answer about the VM.",{"ascalon doctor tells what is wrong."},{"doctor"})end
function f(c,f)local b=c.vm
local e=k[b.state]if e~=nil then
return{a="start",sentence=e}end
if b.state=="broken"then
return a.m("The VM is broken"..d(b.reason)..".",{"ascalon up repairs it."},{"up","doctor"})end
return g(c,f)end
function g(c,e)if c.mux.hijacked then
return a.m("Another WezTerm server has taken the VM's socket.",{(c.mux.exe or"It").." answers at "..c.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local b=a.G(c,"mux")if b==nil or b.state=="off"then
return{a="start",sentence="The VM runs without a link to WezTerm: making it."}end
if b.state=="waiting"or b.state=="healing"then
return{a="wait",sentence="The link to the VM is being made"..d(b.reason).."."}end
if b.state=="broken"then
return a.m("The link to the VM is broken"..d(b.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return h(c,e)end
function h(b,c)local d=c==nil and b.codec or a.S(i(b,c),j(b))return d.verdict=="different"and a.U(d)or({a="attach"})end
function i(a,c)for b,a in b(a.gui)do
if a.pid==c then
return a
end
end
return nil
end
function j(b)local a=b.mux
if a.codec==nil then
return nil
end
return{codec=a.codec,version=a.version or"of unknown version"}end
function d(a)return(a==nil or a=="")and""or": "..a
end
a.m=function(a,b,c)return{a="explain",m=a,C=b,D=c}end
a.Q="The plugin does not know where ascalon is."function a.aA(b)if b.t then
return{a="busy"}end
if b.domain=="unregistered"then
return a.m("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
if b.domain=="attached"then
return{a=b.H and"focus"or"spawn"}end
local d=b.status
if d==nil or a.K(d,b.u)>0 and not b.w then
return e(b)end
local g=f(d,b.G)return g.a=="start"and not b.y and c or g
end
c=a.m(a.Q,{"Run this once in a terminal: ascalon wezterm install","Then reload WezTerm's configuration."},{})k={absent="There is no VM yet: making it.",stopped="The VM is stopped: starting it.",starting="The VM is starting: waiting for it.",stopping="The VM is stopping: starting it again."}a.U=function(b)return a.m("WezTerm here and in the VM speak different versions.",{b.sentence or"",b.fix or""},{"rebuild","doctor"})end
end
do
local f,d,e,b,c
function f(a)if b(a,"failed to connect to Socket")then
return"Nothing listens at the VM's socket."end
if b(a,"Timed out while parsing")then
return"The VM accepts the connection and does not answer."end
if b(a,"EOF while reading")or b(a,"os error 104")or b(a,"Internal channel was closed")then
return"The link is open and the VM's WezTerm server does not answer behind it."end
return"WezTerm could not attach to the VM."end
function d(b,d)if b==nil or d==nil then
return nil
end
local f=a.h(m(a.h(b,"\n")," ")," ")return{codec=e(c(d,")")),version=f[#f]or""}end
function e(c)local b=0
do
local a=0
while a<#c do
b=b*10+j(c,a)-48
a=a+1
end
end
return b
end
function a.aE(h)local e=c(h,"\nstack traceback:")local b=a.h(e," (codec version ")local g=a.S(d(b[2],b[3]),d(b[1],b[2]))if g.verdict=="different"then
return a.U(g)end
return a.m(f(e),{o(c(e,"\n"),1,200)},{"doctor","heal"})end
b=function(b,c)return a.o(b,c)>=0 end
c=function(b,c)return a.h(b,c)[1]or""end
end
do
local d,b
function d(c,i)return function(d,g,j,k)local l,h=f(i,b,d,g,j,k)if l then
return
end
a.y(c,h)a.r(b,"ascalon.error",d,g,{event=c,message=e(h)})end
end
function a.r(c,b,d,g,h)local i,j=f(c.emit,b,d,g,h)if not i then
a.i("a handler of "..b..": "..e(j))end
end
b=c
function a.l(a,b)c.on(a,d(a,b))end
function a.ay(a,b)return c.action_callback(d(a,b))end
function a.u(d,e)c.time.call_after(0.01,function()local c,g=f(e,b)if not c then
a.y(d,g)end
end)end
end
function a.d(a)return c.GLOBAL["ascalon_"..a]or 0
end
function a.c(a,b)c.GLOBAL["ascalon_"..a]=b
end
do
local d,b
function d(d,e)local c=a.d("notice_"..d)-e
return c>0 and c<=b
end
b=10
local i={n=""}function a.g(h,d)c.log_info("ascalon: "..d)i.n=d
a.c("notice_until",g()+b)a.c("notice_"..e(h:window_id()),g()+b)h:set_right_status(d)if a.a.c.notifications then
f(function()return h:toast_notification("ascalon",d,nil,5000)end)end
end
a.aL=function(a)return d("until",a)and i.n or""end
function a.aD(c,f)local b=e(c:window_id())if a.d("notice_"..b)==0 or d(b,f)then
return
end
a.c("notice_"..b,0)c:set_right_status("")end
end
function a.I(a,c)local b=a:mux_window():active_pane()if b~=nil then
a:perform_action(c,b)end
end
function a.aq(d,e)e:activate()local b=e:window()if b==nil or b:window_id()==d:window_id()then
return
end
local h,g=f(function()return b:gui_window()end)if h and g~=nil then
g:focus()else
a.I(d,c.action.SwitchToWorkspace({name=b:get_workspace()}))end
end
do
local e,f
function a.ao(d,e,f)local b=a.a.x
if b==nil then
return
end
a.I(d,c.action.InputSelector({title="ascalon",description=e,choices=f,action=b}))end
function e(b)if b=="proxy"then
return#a.a.b.proxyCommand>0
end
return#a.a.k>0
end
function f(e,f)local d={}local c=""for b,a in b(a.h(e," "))do
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
function a.ap(g,d)a.g(g,d.m)local c={{label="Close",id=""}}for b,a in b(d.D)do
if e(a)then
c[#c+1]={label=a=="proxy"and"Attach over ssh instead"or"Run ascalon "..a,id=a}end
end
for d,a in b(d.C)do
for b,a in b(f(a,76))do
c[#c+1]={label=a,id=""}end
end
a.ao(g,d.m,c)end
function a.aV(b)a.a.x=a.ay("ascalon.chosen",function(c,d,e,a)if a~=nil and a~=""then
b(c,d,e,a)end
end)end
function a.aM()if a.a.b.docsUrl~=""then
c.open_with(a.a.b.docsUrl)end
end
end
do
local d=10
local e=3
function a.F(b)local c=b-a.d("seen_at")if(c<0 or c>d)and a.d("jumps")<e then
a.c("jumps",a.d("jumps")+1)a.c("busy_until",a.d("busy_until")+c)end
a.c("seen_at",b)return a.d("busy_until")>b
end
function a.B(b,d)local c=a.d("ticket")+1
a.c("ticket",c)a.c("busy_until",b+d)a.c("seen_at",b)a.c("jumps",0)return c
end
function a.Z(b)return a.d("ticket")==b
end
function a.V(b)if a.Z(b)then
a.c("busy_until",0)end
end
function a.aG(b,c)local d=a.B(g(),b)local e,h=f(c)a.V(d)return e,h
end
end
do
local c
function a.z(c)local b=c.mux.get_domain(a.a.b.proxyDomain)if(b and b:state())=="Attached"then
return b
end
return c.mux.get_domain(a.a.b.domain)end
function c()local b=os.getenv("WEZTERM_UNIX_SOCKET")or""local c=a.o(b,"gui-sock-")if c<0 then
return nil
end
return tonumber(i(b,c+9))end
function a.D(d,e,f)local b=a.z(d)return a.aA({u=g(),status=e,domain=b==nil and"unregistered"or(b:state()=="Attached"and"attached"or"detached"),H=(b and b:has_any_panes())==true,t=a.F(g()),w=f,y=#a.a.k>0,G=c()})end
end
function a.w(a)local b,c=f(function()return a:get_domain_name()end)return b and c or nil
end
function a.E(c,d)for e,c in b(c)do
for e,c in b(c:tabs())do
for e,b in b(c:panes())do
local c=a.w(b)if c~=nil and d(c)then
return b
end
end
end
end
return nil
end
do
local b,l
a.x={i=0,h=0,d=0,g=0,f=0}local m=5
local n=32
local o=20
function a.bb(c,g)local d=g.u
local e=a.X(g.status,d)local h=c
local j=h.i
local f=h.h
local k=h.d
local i=h.g
if g.F then
return b(l(e==nil and f or e.since))end
if j==0 or g.t then
return b(c)end
if f==0 then
return b(a.x)end
if k==0 then
return b({i=j,h=f,d=d,g=i,f=d})end
if e==nil or e.state~="up"then
return b(c)end
if e.since<=f then
return b(d-k>o and a.x or c)end
if d<c.f and c.f-d<=n then
return b(c)end
if i>=m then
return b(a.x)end
local p=d+(2<<i)return{attach=true,e={i=j,h=f,d=k,g=i+1,f=p}}end
b=function(a)return{e=a,attach=false}end
l=function(a)return{i=1,h=a,d=0,g=0,f=0}end
end
function a.aS()return{i=a.d("wanted"),h=a.d("link_since"),d=a.d("lost_at"),g=a.d("attempts"),f=a.d("next_at")}end
function a.ak(b)a.c("wanted",b.i)a.c("link_since",b.h)a.c("lost_at",b.d)a.c("attempts",b.g)a.c("next_at",b.f)end
function a.W()a.ak(a.x)a.c("wish_until",0)end
do
function a.ad(d)local c={}for b,a in b(a.h(d,"/"))do
if a==".."then
table.remove(c)elseif a~=""and a~="."then
c[#c+1]=a
end
end
return"/"..m(c,"/")end
local function d(b,a)if b=="/"then
return a=="/"and""or a
end
if a==b then
return""end
local c=b.."/"return i(a,0,#c)==c and i(a,#b)or nil
end
local function e(e,f,c)local a
for g,b in b(f)do
local f=a==nil or#b[c]>#a[c]if f and d(b[c],e)~=nil then
a=b
end
end
return a
end
local function c(k,f,g,b)local h=a.ad(k)local c=e(h,f,g)if c==nil then
return nil
end
local i=a.ad(c[b]..(d(c[g],h)or""))local j=e(i,f,b)return j~=nil and j[b]==c[b]and i or nil
end
function a.bd(a,b)return c(a,b,"host","guest")end
function a.be(a,b)return c(a,b,"guest","host")end
end
do
local b,e,d
function b(f,g)local c=a.w(f)if not a.a.c.same_place or c==nil then
return nil
end
local b=a.p(c)if not b and c~="local"then
return nil
end
local d=e(f,b)if d==nil or b==(g=="vm")then
return d
end
local h=b and a.be or a.bd
return h(d,a.a.b.mounts)end
function e(b,c)local e,a=f(function()return b:get_current_working_dir()end)if not e or a==nil then
return nil
end
return(c or d(a.host or""))and a.file_path or nil
end
function d(a)return a==""or a=="localhost"or a==c.hostname()end
function a.ac(a,c,d)a:mux_window():spawn_tab({domain={DomainName=d},cwd=b(c,"vm")})end
function a.aK(d,a,c)a:mux_window():spawn_tab({domain={DomainName="local"},cwd=b(c,"local")})end
end
do
local c,e,f,g,h,i
function c(e)local b=a.e(e)local c=a.b(b.name)if c==nil then
return nil
end
return{name=c,state=a.n(b.state,a.aI,"off"),reason=a.b(b.reason),since=a.f(b.since)or 0,rttMs=d(b.rttMs)=="number"and b.rttMs or nil,nextAttemptAt=a.f(b.nextAttemptAt),target=a.b(b.target),chosen=a.b(b.chosen)}end
function e(e)local b=a.e(e)local c=a.f(b.pid)local d=a.f(b.codec)if c==nil or d==nil then
return nil
end
return{pid=c,codec=d,version=a.b(b.version)or"of unknown version"}end
function a.aR(m)local b=a.e(m)local j=a.f(b.schema)local k=a.f(b.writtenAt)local l=a.f(b.nextWriteBy)if j==nil or k==nil or l==nil then
return nil
end
return{schema=j,writtenAt=k,nextWriteBy=l,ascalon=a.b(b.ascalon)or"",vm=f(a.e(b.vm)),links=a.k(b.links,c),mux=g(a.e(b.mux)),gui=a.k(b.gui,e),codec=h(a.e(b.codec)),generation=a.f(b.generation),pendingPlan=d(b.pendingPlan)=="table"and i(a.e(b.pendingPlan))or nil,attention=a.k(b.attention,a.b)}end
f=function(b)return{state=a.n(b.state,a.bf,"unknown"),since=a.f(b.since)or 0,reason=a.b(b.reason)}end
g=function(b)return{socketPath=a.b(b.socketPath)or"",codec=a.f(b.codec),version=a.b(b.version),exe=a.b(b.exe),hijacked=b.hijacked==true}end
h=function(b)return{verdict=a.n(b.verdict,{"equal","different","unknown"},"unknown"),sentence=a.b(b.sentence),fix=a.b(b.fix)}end
i=function(b)return{restart=a.f(b.restart)or 0,rebuild=a.f(b.rebuild)or 0,recreate=a.f(b.recreate)or 0}end
end
do
function a.as(b)return a.aR(a.ag(b))end
local b={n=nil,status=nil}function a.v()local c=a.ai(a.a.b.statusPath)if c==b.n then
return b.status
end
b.n=c
b.status=a.as(c or"")return b.status
end
end
do
local d,g
function d(c,d,e)local b=c.mux.get_pane(e)if b==nil then
return false
end
a.aq(d,b)return true
end
function a.Y(b)local function c(b)return not a.p(b)and b~=g
end
return a.E(b.mux.all_windows(),c)~=nil
end
local h="code=$?; printf '\\n[ended with %s; Enter closes this tab] ' \"$code\"; read -r _; exit \"$code\""local j="\"$@\"; "..h
local k="\"$@\" && { sleep 1; exit 0; }; "..h
function a.R(d)local c={}for b,a in b(a.a.k)do
c[#c+1]=a
end
for b,a in b(d)do
c[#c+1]=a
end
return c
end
local function i(d,e)local c={"/bin/sh","-c",d,"sh"}for b,a in b(a.R(e))do
c[#c+1]=a
end
return c
end
local function c(a,b)return a:spawn_tab({domain={DomainName="local"},args=b})end
function a.am(a,b)c(a:mux_window(),i(j,b))end
function a.an(g,b)local e=a.d("up_pane")if e>0 then
local a,c=f(function()return d(g,b,e-1)end)if a and c then
return false
end
end
local j,h=c(b:mux_window(),i(k,{"up","--attach"}))a.c("up_pane",h:pane_id()+1)return true
end
function a.aa(e,b)if a.Y(e)then
return
end
local d=b:active_tab()c(b)if d~=nil then
d:activate()end
end
g="TermWizTerminalDomain"function a.al(c,d)local b={r=false,q="",v=""}local g,h=f(function()local e,f,g=c.run_child_process(a.R(d))b={r=e,q=f,v=g}end)return g and b or({r=false,q="",v=e(h)})end
end
do
local c,b,h,f,k,l,m,i,d,j
local n=a.aG
function a.J(d,e,f,g)local h=a.D(d,a.v(),false)if h.a=="ask"then
c(e,f,g)else
b(d,e,f,g,h)end
end
function c(h,i,j)a.B(g(),2)a.u("ask",function(c)local e=a.B(g(),d)local f=a.al(c,{"attach","--json"})if not a.Z(e)then
return
end
a.V(e)local k=a.D(c,a.as(f.r and f.q or""),true)b(c,h,i,j,k)end)end
function b(d,c,e,g,b)if b.a=="attach"then
a.A(d,c,e,a.a.b.domain,g,false)elseif b.a=="focus"and g=="show"then
l(d,c,e)elseif b.a=="focus"or b.a=="spawn"then
h(d,c,e,false,i,function()local f=a.ac
local g=c
local h=e
local b=a.z(d)return f(g,h,b and b:name()or a.a.b.domain)end)elseif b.a=="start"then
k(d,c,b.sentence)elseif b.a=="wait"then
j()a.g(c,b.sentence)elseif b.a=="explain"then
f(d,c,e,b,false)else
a.g(c,"ascalon is at it already.")end
end
function h(c,d,g,h,i,j)local b,k=n(i,j)if not b then
f(c,d,g,a.aE(e(k)),h)end
return b
end
function f(d,b,e,c,f)if f then
a.g(b,c.m)else
a.c("failed_at",g())a.c("failed_window",b:window_id())a.ap(b,c)end
a.r(d,"ascalon.attach.failed",b,e,{message=c.m})end
function k(d,b,f)j()local c=f
local g,h=n(i,function()if not a.an(d,b)then
c="ascalon up has its tab already: here it is."end
end)a.g(b,g and c or"ascalon could not be started: "..e(h))end
function a.A(c,b,d,e,i,j)local f=c.mux.get_domain(e)if f==nil or a.F(g())then
return
end
a.c("wish_until",0)local k=h(c,b,d,j,m,function()a.r(c,"ascalon.attach.start",b,d,{domain=e})f:attach(b:mux_window())a.c("wanted",1)a.c("failed_at",0)if i=="tab"or not f:has_any_panes()then
a.ac(b,d,e)end
end)if k then
a.r(c,"ascalon.attach.finished",b,d,{domain=e})end
end
function l(d,b,e)if a.p(a.w(e)or"")then
return
end
local c=a.E({b:mux_window()},a.p)or a.E(d.mux.all_windows(),a.p)if c~=nil then
a.aq(b,c)end
end
local o=30
m=90
i=10
d=20
function a.ah(d,b,e,f)local c=g()-a.d("failed_at")local h=c>=0 and c<2 and a.d("failed_window")==b:window_id()if not h then
a.J(d,b,e,f)end
end
function a.ax(b,d,e)local c=a.D(b,a.v(),false)if c.a=="attach"then
a.A(b,d,e,a.a.b.domain,"show",true)elseif c.a=="explain"then
a.W()f(b,d,e,c,true)end
end
j=function()return a.c("wish_until",g()+o)end
function a.aF(c)local b=a.d("wish_until")-c
return b>0 and b<=o
end
end
do
local d,c
local e=a.A
function d(g,d,f)local b="ascalon "..m(f," ")a.g(d,b.." …")local e=a.al(g,f)if e.r then
local f=c(e.q,1)[1]a.g(d,f==nil and b..": done"or b..": "..f)return
end
local h=c(e.v,5)a.ap(d,{a="explain",m=b.." failed.",C=h,D={"doctor"}})end
function c(d,e)local c={}for b,a in b(a.h(d,"\n"))do
if a~=""then
c[#c+1]=o(a,1,200)end
if#c>e then
table.remove(c,1)end
end
return c
end
function a.aX(b,c)if#a.a.k==0 then
a.g(b,a.Q)elseif c.runs=="tab"then
a.am(b,c.argv)else
a.u("run",function(a)return d(a,b,c.argv)end)end
end
function a.aY(d,b,f,c)if c=="up"then
a.an(d,b)elseif c=="proxy"then
e(d,b,f,a.a.b.proxyDomain,"show",false)else
a.am(b,{c})end
end
end
function a.aB(d,b)local c=a.z(d)if(c and c:state())=="Attached"then
a.aa(d,b:mux_window())local g,h=f(function()return c:detach()end)if not g then
a.g(b,"WezTerm could not detach the VM: "..e(h))end
else
a.g(b,"The VM is not attached.")end
a.W()end
do
local h,i,b,c,d
function h(c)if#c>a.H.open then
return d
end
if not l(c,"https://")and not l(c,"http://")then
return b("not a web address")end
do
local d=0
while d<#c do
local a=j(c,d)if a<=32 or a>=127 or a==34 or a==39 or a==92 or a==96 then
return b("a bad character")end
d=d+1
end
end
return{a="open",s=c}end
function i(c)if c==""then
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
return{a="notify",s=c}end
a.H={open=2048,notify=300,attach=64}function a.aH(e,b,f,g)if e=="ascalon.open"and g.open then
return f=="vm"and h(b)or c
end
if e=="ascalon.notify"and g.notify then
return f=="vm"and i(b)or c
end
if e=="ascalon.attach"and g.attach then
if f~="local"then
return c
end
return#b>a.H.attach and d or({a="attach",s=b})end
return{a="ignore"}end
b=function(a)return{a="refuse",reason=a}end
c=b("not from that pane")d=b("too long")function a.bc(a,b,c,d)if b-a.j>=d or b<a.j then
return{E=true,e={j=b,l=1}}end
return{E=a.l<c,e={j=a.j,l=a.l+1}}end
end
do
local b,f,e,h,i
function b(i,g,h,d,j)if not l(d,"ascalon.")then
return
end
local b=a.aH(d,j,f(h),a.a.c.messages)if b.a=="ignore"then
return
end
if b.a=="refuse"then
if e(b.a)then
a.i(d.." refused: "..b.reason)end
return
end
if not e(b.a)then
return
end
if b.a=="open"then
c.open_with(b.s)elseif b.a=="notify"then
a.g(g,"VM: "..b.s)else
a.J(i,g,h,"show")end
end
function f(c)local b=a.w(c)if b=="local"then
return"local"end
return b~=nil and a.p(b)and"vm"or"other"end
function e(b)local d={j=a.d(b.."_window"),l=a.d(b.."_count")}local c=a.bc(d,g(),h,i)a.c(b.."_window",c.e.j)a.c(b.."_count",c.e.l)return c.E
end
h=5
i=10
function a.aU()a.l("user-var-changed",function(e,f,g,a,c)if d(a)=="string"and d(c)=="string"then
b(e,f,g,a,c)end
end)end
end
do
local h,j,i,g,e
function a.ae()local c={}for e,b in b(a.q)do
local d=i[b]if h(b)then
c[#c+1]={brief="ascalon: "..d[1],icon=d[2],action=a.t(a.j[b])}end
end
for e,b in b(a.a.b.palette)do
local d="ascalon: "..b.brief
c[#c+1]={brief=d,doc=b.doc,icon=b.icon,action=a.t(a.C(b.id))}end
return c
end
function h(b)return b~="menu"and(b~="docs"or a.a.b.docsUrl~="")end
function j(h,i)local c=a.ae()for l,j in b(e.z)do
local k,e=f(j,h,i)if not k then
a.y("another "..g.." handler",e)elseif d(e)=="table"then
for b,a in b(e)do
c[#c+1]=a
end
end
end
return c
end
i={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.aZ(e,d)local c={}for d,b in b(a.q)do
if h(b)then
c[#c+1]={label=i[b][1],id=a.j[b]}end
end
for d,b in b(a.a.b.palette)do
c[#c+1]={label=b.brief,id=a.C(b.id)}end
a.ao(d,"ascalon",c)end
g="augment-command-palette"e={A=false,z={}}function a.O()if e.A then
return
end
e.A=true
local a=c.on
a(g,j)c.on=function(b,c)if b==g then
local a=e.z
a[#a+1]=c
else
a(b,c)end
end
end
end
function a.N(b)local a=n(math.max(b,0))if a<60 then
return e(a).." s"end
if a<3600 then
return e(n(a/60)).." min"end
if a<172800 then
return e(n(a/3600)).." h"end
return e(n(a/86400)).." d"end
do
local f,g,h
function f(c,e)local b=c.vm.state
local d=c.vm.reason
if b=="starting"or b=="stopping"then
return b.." "..a.N(e-c.vm.since)end
return(d==nil or d=="")and b or b.." ("..d..")"end
function g(d)local c={}for b,a in b(d.links)do
if a.state=="broken"or a.state=="healing"then
c[#c+1]=a.name.." "..a.state
end
end
if d.mux.hijacked then
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
function a.ba(b,h,d)if b==nil then
return d.o and"ascalon: unknown"or""end
local i=a.K(b,h)if i>0 then
return"ascalon: no news for "..a.N(i)end
if b.vm.state=="absent"then
return d.o and"ascalon: no VM"or""end
local c=b.vm.state=="running"and g(b)or({f(b,h)})if#c==0 and not d.o then
return""end
if d.o and b.generation~=nil then
c[#c+1]="generation "..e(b.generation)end
return#c==0 and"ascalon: up"or"ascalon: "..m(c,", ")end
end
do
local d,f,h,i,j
function d(c,b,d,g,e)local k=a.z(c)local l=(k and k:state())=="Attached"h(b,d,g,e,l)local m=e-a.d("local_tab_at")if l and a.a.c.keep_local_tab and(m<0 or m>=j)then
a.c("local_tab_at",e)if not a.Y(c)then
a.u("keep-local-tab",function(c)return a.aa(c,b:mux_window())end)end
end
if a.d("started")==0 then
if not f()then
a.c("started",1)else
a.u("startup",function(c)a.c("started",1)a.J(c,b,d,"show")end)end
end
i(c,b,d,g)end
function f()return(a.a.c.attach or a.a.b.attach)=="startup"end
function h(f,j,b,c,g)local h=a.aS()local d=a.bb(h,{u=c,F=g,t=a.F(c),status=b})a.ak(d.e)local i=(b and b.vm.state)=="running"if h.d==0 and d.e.d>0 and i then
a.g(f,"The connection to the VM was lost.")end
local e=not g and a.aF(c)and i
if e then
local d=a.X(b,c)e=(d and d.state)=="up"end
local k=e
if k or d.attach and a.a.c.reattach then
a.u("reattach",function(b)return a.ax(b,f,j)end)end
end
function i(f,g,h,e)if e==nil then
return
end
local b=c.GLOBAL.ascalon_vm
local d=e.vm.state
c.GLOBAL.ascalon_vm=d
if b~=nil and b~=d then
a.r(f,"ascalon.vm.changed",g,h,{from=b,to=d})end
end
function a.at(e,c)local d=a.aL(c)if d~=""then
return d
end
local b=a.ba(e,c,{o=a.a.c.status=="always"})if a.a.p==nil then
return b
end
return b==""and"ascalon: versions differ"or b..", versions differ"end
j=5
function a.aW()a.l("update-status",function(f,c,h)local b=g()local e=a.v()if a.d("tick_at")~=b then
a.c("tick_at",b)d(f,c,h,e,b)end
if a.a.c.status==false then
a.aD(c,b)else
c:set_right_status(a.at(e,b))end
end)end
end
do
local c,d
function c(a)local b=_G.package.loaded
local c=b[a]==nil
b[a]=true
return c
end
function d()for c,b in b(a.a.b.palette)do
a.l(a.C(b.id),function(d,c)return a.aX(c,b)end)end
end
function a.aT()if a.a.c.palette and c("ascalon.palette")then
a.O()end
if not c("ascalon.handlers")then
return
end
a.l(a.j.attach,function(b,c,d)return a.ah(b,c,d,"show")end)a.l(a.j.new_tab,function(b,c,d)return a.ah(b,c,d,"tab")end)a.l(a.j.detach,a.aB)a.l(a.j.new_local_tab,a.aK)a.l(a.j.menu,a.aZ)a.l(a.j.docs,a.aM)d()a.aV(function(d,c,e,b)if l(b,"ascalon.")then
a.I(c,a.t(b))else
a.aY(d,c,e,b)end
end)a.aU()a.aW()end
end
do
local f
function f(b)if#b~=1 then
return false
end
local a=string.byte(b,1)or 0/0
return a>=65 and a<=90 or a>=97 and a<=122
end
function a.af(b)local c=a.o(b,"+")if c<0 or c==#b-1 then
return nil
end
return{mods=i(b,0,c),key=i(b,c+1)}end
local g={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.P(h,j)local d={}for c,b in b(a.h(m(a.h(string.upper(j)," "),""),"|"))do
local a=g[b]if a~=nil then
d[a]=true
end
end
local c=h
for b,a in b({"phys:","mapped:","raw:"})do
if l(c,a)then
c=i(c,#a)end
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
return a.af(a.a.b.key)end
elseif b~=false then
local e=f(b)if e~=nil then
return e
end
a.i("keys."..d.." is false, \"CMD|SHIFT+A\" or { key = …, mods = … }")return c(d,nil)end
return nil
end
function f(b)if d(b)=="string"then
return a.af(b)end
local c=a.e(b)local e=a.b(c.key)if e==nil then
return nil
end
return{key=e,mods=a.b(c.mods)or""}end
function g(c,e)for c,b in b(c)do
if d(b.key)=="string"and a.P(b.key,b.mods or"")==e then
return true
end
end
return false
end
function a.au()local f=a.e(a.a.c.keys)a.M(f,a.q,"keys.")local d={}for g,b in b(a.q)do
local e=c(b,f[b])if e~=nil then
d[#d+1]={key=e.key,mods=e.mods,action=a.t(a.j[b])}end
end
return d
end
function a.aw(d)if a.a.c.keys==false then
return
end
local f=d.keys or({})local c={}for h,d in b(a.au())do
local b=a.P(d.key,d.mods or"")if not g(f,b)then
c[#c+1]=d
elseif not e[b]then
a.i(b.." is bound already; left as it is")end
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
a.y(b,e)end
end
h.version="0.1.0"h.contract_version=a.s
h.action={}for c,b in b(a.q)do
h.action[b]=a.t(a.j[b])end
function h.apply_to_config(b,d)if c.gui==nil then
return b
end
k("options",function()a.a.c=a.aj(d)end)k("plugin.json",a.ab)k("domains",function()return a.av(b)end)k("keys",function()return a.aw(b)end)k("events",a.aT)return b
end
function h.keys()if not a.a.B then
k("plugin.json",a.ab)end
return a.au()end
h.palette_entries=a.ae
h.chain_palette=a.O
function h.status_text(d)local b,c=f(function()return a.at(a.v(),g())end)return b and c or""end
return h
