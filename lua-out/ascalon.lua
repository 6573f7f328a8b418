-- ascalon 0.1.0, contract 1: generated from src/wezterm and src/shared, do not edit.
local l,c,i,h,m,H,N,S=pcall,ipairs,tostring,type,os.time,table.concat,math.floor,string.sub
local g=require("wezterm")local function v(a,b,c)return S(a,b+1,c)end
local function T(a)return h(a)=="table"and(a[1]~=nil or next(a)==nil)end
local function y(a,b)return string.byte(a,b+1)end
local function B(b,a)return S(b,1,#a)==a end
local O,P,Q,R,I,J,K,L,M,C,D,E,F,G,z,w,x,u,s,q,r,p,n,o,k,j,f,e,d,b,a
a={}G=1
R={plugin="wezterm/plugin.json",bundle="wezterm/ascalon.lua",status="status.json",socket="sock/mux.sock"}a.Y="ascalon"a.al="ascalon-proxy"r={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}F={"attach","detach","new_tab","new_local_tab","menu","docs"}Q=function(a)return"ascalon.cli."..a end
E=function(a)return g.action.EmitEvent(a)end
function j(a)return h(a)=="table"and a~=nil and a or({})end
function d(a)return h(a)=="string"and a or nil
end
function k(a)return h(a)=="number"and N(a)or nil
end
function q(b,d)local a={}if not T(b)then
return a
end
for e,c in c(b)do
local b=d(c)if b~=nil then
a[#a+1]=b
end
end
return a
end
function x(b,a,d)for c,a in c(a)do
if a==b then
return a
end
end
return d
end
a.ak="up;Start the VM;md_play;tab\nshell;Shell in the VM;md_console;tab\nstatus;Show the VM's status;md_information;tab\nstop;Stop the VM;md_stop;silent\nrestart;Restart the VM;md_restart;tab\nrebuild;Rebuild the guest;md_hammer_wrench;tab\nheal;Repair the links;md_bandage;silent\ndoctor;Look for what is wrong (doctor);md_stethoscope;tab\nlogs;Show the logs;md_text_box_search;tab\nagent logs;Show the agent's log;md_text_box;tab\nconfig edit;Edit the settings;md_cog;tab"function w(a,b)return(string.find(a,b,nil,true)or 0)-1
end
function o(c,d)local b={}local a=c
do
local c=w(a,d)while c>=0 do
b[#b+1]=v(a,0,c)a=v(a,c+#d)c=w(a,d)end
end
b[#b+1]=a
return b
end
do
local b,e,c
function b(b)local d,e,f,g=table.unpack(o(b,";"),1,4)local a=o(d," ")return c({id=H(a,"-"),brief=e,icon=f,argv=a,runs=g})end
function e(e)local a=j(e)local b=d(a.host)local c=d(a.guest)if b==nil or c==nil then
return nil
end
return{host=b,guest=c}end
function c(e)local a=j(e)local b=d(a.id)local c=d(a.brief)if b==nil or c==nil then
return nil
end
return{id=b,brief=c,doc=d(a.doc)or"",icon=d(a.icon)or"md_server",argv=q(a.argv,d),runs=x(a.runs,{"tab","silent"},"tab")}end
function a.p(b,c)return{contract=G,ascalon="",cli={},statusPath=b.."/"..R.status,domain=a.Y,socketPath=b.."/"..R.socket,proxyDomain=a.al,proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette=c,docsUrl=""}end
function a.am(f,b)local a=j(f)return{contract=k(a.contract)or 0,ascalon=d(a.ascalon)or"",cli=q(a.cli,d),statusPath=d(a.statusPath)or b.statusPath,domain=d(a.domain)or b.domain,socketPath=d(a.socketPath)or b.socketPath,proxyDomain=d(a.proxyDomain)or b.proxyDomain,proxyCommand=q(a.proxyCommand,d),attach=x(a.attach,{"key","startup"},b.attach),key=d(a.key)or b.key,mounts=q(a.mounts,e),palette=q(a.palette,c),docsUrl=d(a.docsUrl)or b.docsUrl}end
function a.V(a,c)if a==G then
return nil
end
local b="The plugin speaks contract "..i(G)..", ascalon "..c.." contract "..i(a)return a<G and b..": upgrade ascalon."or b..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
a.aj=function()return q(o(a.ak,"\n"),b)end
end
function a.E(b)local a=io.open(b,"r")if a==nil then
return nil
end
local c=a:read(65536)a:close()return c
end
function a.C(a)local b,c=l(g.json_parse,a)if b then
return c
end
return nil
end
function p(a)g.log_warn("ascalon: "..a)end
function M(b,c)local a=i(c)if w(a,"not found")>=0 or w(a,"not valid")>=0 then
p(a)else
g.log_error("ascalon: "..b..": "..a)end
end
do
local b
function b(c,d)local e=math.min(#c,#d)local a=0
while a<e and y(c,a)==y(d,a)do
a=a+1
end
local b=0
while a+b<e and y(c,#c-1-b)==y(d,#d-1-b)do
b=b+1
end
return a+b
end
function a.af(d,a)for e,a in c(a)do
local c=math.max(#d,#a)if c-b(d,a)<=2 and c>3 then
return a
end
end
return nil
end
end
do
local i,b,e
function i(c)if c==false then
return{open=false,notify=false,attach=false}end
local a=j(c)P(a,{"attach","notify","open"},"messages.")return{open=b(a,"open",true),notify=b(a,"notify",true),attach=b(a,"attach",true)}end
function b(c,d,f)local a=c[d]e(c,d,h(a)=="boolean","true or false")local b
if h(a)=="boolean"then
b=a
else
b=f
end
return b
end
function e(b,a,c,d)if b[a]~=nil and not c then
p(a.." is "..d)end
end
function P(b,c,d)for b in pairs(b)do
if x(b,c,"")==""then
local e=a.af(b,c)p("unknown option "..d..b..(e==nil and""or"; did you mean "..d..e.."?"))end
end
end
local l={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.F(f)if f~=nil and h(f)~="table"then
p("the options must be a table")end
local a=j(f)P(a,l,"")local g=x(a.attach,{"key","startup"},"")local k=h(a.cli)=="string"and({a.cli})or q(a.cli,d)e(a,"attach",g~="","\"key\" or \"startup\"")e(a,"cli",#k>0,"a path or a list of words")e(a,"plugin_json",h(a.plugin_json)=="string","a path")for c,b in c({"keys","messages"})do
e(a,b,a[b]==false or h(a[b])=="table","false or a table")end
return{plugin_json=d(a.plugin_json),cli=k,keys=a.keys~=false and j(a.keys),attach=g~=""and g or nil,palette=b(a,"palette",false),status=a.status=="always"and"always"or b(a,"status",false),notifications=b(a,"notifications",true),reattach=b(a,"reattach",true),keep_local_tab=b(a,"keep_local_tab",true),same_place=b(a,"same_place",true),messages=i(a.messages)}end
end
function a.N()local a=os.getenv("XDG_STATE_HOME")local b=a
return(b and B(a,"/")and a or g.home_dir.."/.local/state").."/ascalon"end
b={c=a.F(nil),b=a.p(a.N(),{}),k={},B=false,p=nil,x=nil}function z(a)return a==b.b.domain or a==b.b.proxyDomain
end
do
local f=a.N
function a.x()local c=b.c
b.B=true
local d=c.plugin_json or f().."/"..R.plugin
g.add_to_config_reload_watch_list(d)local i=a.p(f(),#c.cli>0 and a.aj()or({}))local j=a.E(d)local e=a.C(j or"")if j~=nil and h(e)~="table"then
p(d.." is damaged")end
b.b=h(e)=="table"and a.am(e,i)or i
b.k=#c.cli>0 and c.cli or b.b.cli
b.p=a.V(b.b.contract,b.b.ascalon)if b.p~=nil then
p(b.p)end
end
end
do
local f,e,d
function f(f,b,a)for c,b in c(b)do
if b.name==a.name then
if b.socket_path~=a.socket_path then
d("unix_domains",a.name)end
return
end
end
for e,b in c(e)do
for e,c in c(f[b]or({}))do
if c.name==a.name then
d(b,a.name)return
end
end
end
b[#b+1]=a
end
e={"ssh_domains","exec_domains","wsl_domains","tls_clients"}function a.R(e)local a=b.b
local d={}for b,a in c(e.unix_domains or({{name="unix"}}))do
d[#d+1]=a
end
f(e,d,{name=a.domain,socket_path=a.socketPath,no_serve_automatically=true})if#a.proxyCommand>0 then
f(e,d,{name=a.proxyDomain,proxy_command=a.proxyCommand,no_serve_automatically=true})end
e.unix_domains=d
end
d=function(a,b)return p(a.." already has "..b.."; it is left as it is")end
end
do
local c
function c(a,b)if a<b then
return"Install a newer WezTerm here (macOS: brew install --cask wezterm@nightly) and start it again, or pin the VM's to this one."end
return"Update the VM's WezTerm: update the flake's nixpkgs input, then run ascalon rebuild."end
function a.o(a,b)if a==nil or b==nil then
return{verdict="unknown"}end
if a.codec==b.codec then
return{verdict="equal"}end
return{verdict="different",sentence="WezTerm here is "..a.version.." (codec "..i(a.codec)..") and the VM's is "..b.version.." (codec "..i(b.codec).."); WezTerm attaches only to its own codec.",fix=c(a.codec,b.codec)}end
end
function O(a,b)for c,a in c(a.links)do
if a.name==b then
return a
end
end
return nil
end
a.aB={"absent","stopped","starting","running","stopping","broken","unknown"}a.ae={"off","waiting","up","broken","healing"}function a.i(a,b)if b>a.nextWriteBy then
return b-a.nextWriteBy
end
if a.writtenAt>b+60 then
return a.writtenAt-b
end
return 0
end
function a.t(b,c)if b==nil or a.i(b,c)>0 then
return nil
end
return O(b,"mux")end
do
local f,g,b,h,i,j,d,e,k
function f(a)if not a.y then
return e
end
if not a.w then
return{a="ask"}end
return u("ascalon gives no answer about the VM.",{"ascalon doctor tells what is wrong."},{"doctor"})end
function g(c,f)local a=c.vm
local e=k[a.state]if e~=nil then
return{a="start",sentence=e}end
if a.state=="broken"then
return u("The VM is broken"..d(a.reason)..".",{"ascalon up repairs it."},{"up","doctor"})end
return b(c,f)end
function b(b,c)if b.mux.hijacked then
return u("Another WezTerm server has taken the VM's socket.",{(b.mux.exe or"It").." answers at "..b.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local a=O(b,"mux")if a==nil or a.state=="off"then
return{a="start",sentence="The VM runs without a link to WezTerm: making it."}end
if a.state=="waiting"or a.state=="healing"then
return{a="wait",sentence="The link to the VM is being made"..d(a.reason).."."}end
if a.state=="broken"then
return u("The link to the VM is broken"..d(a.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return h(b,c)end
function h(b,c)local d=c==nil and b.codec or a.o(i(b,c),j(b))return d.verdict=="different"and a.q(d)or({a="attach"})end
function i(a,b)for c,a in c(a.gui)do
if a.pid==b then
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
u=function(a,b,c)return{a="explain",m=a,C=b,D=c}end
a.m="The plugin does not know where ascalon is."function a.W(b)if b.t then
return{a="busy"}end
if b.domain=="unregistered"then
return u("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
if b.domain=="attached"then
return{a=b.H and"focus"or"spawn"}end
local c=b.status
if c==nil or a.i(c,b.u)>0 and not b.w then
return f(b)end
local d=g(c,b.G)return d.a=="start"and not b.y and e or d
end
e=u(a.m,{"Run this once in a terminal: ascalon wezterm install","Then reload WezTerm's configuration."},{})k={absent="There is no VM yet: making it.",stopped="The VM is stopped: starting it.",starting="The VM is starting: waiting for it.",stopping="The VM is stopping: starting it again."}a.q=function(a)return u("WezTerm here and in the VM speak different versions.",{a.sentence or"",a.fix or""},{"rebuild","doctor"})end
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
function d(a,b)if a==nil or b==nil then
return nil
end
local d=o(H(o(a,"\n")," ")," ")return{codec=e(c(b,")")),version=d[#d]or""}end
function e(c)local b=0
do
local a=0
while a<#c do
b=b*10+y(c,a)-48
a=a+1
end
end
return b
end
function a.aa(h)local e=c(h,"\nstack traceback:")local b=o(e," (codec version ")local g=a.o(d(b[2],b[3]),d(b[1],b[2]))if g.verdict=="different"then
return a.q(g)end
return u(f(e),{S(c(e,"\n"),1,200)},{"doctor","heal"})end
b=function(a,b)return w(a,b)>=0 end
c=function(a,b)return o(a,b)[1]or""end
end
do
local c,b
function c(a,f)return function(c,d,g,h)local j,e=l(f,b,c,d,g,h)if j then
return
end
M(a,e)D(b,"ascalon.error",c,d,{event=a,message=i(e)})end
end
function D(b,a,c,d,e)local f,g=l(b.emit,a,c,d,e)if not f then
p("a handler of "..a..": "..i(g))end
end
b=g
function s(a,b)g.on(a,c(a,b))end
function a.U(a,b)return g.action_callback(c(a,b))end
function C(a,c)g.time.call_after(0.01,function()local d,e=l(c,b)if not d then
M(a,e)end
end)end
end
function f(a)return g.GLOBAL["ascalon_"..a]or 0
end
function e(a,b)g.GLOBAL["ascalon_"..a]=b
end
do
local d,c
function d(b,d)local a=f("notice_"..b)-d
return a>0 and a<=c
end
c=10
local h={n=""}function n(d,a)g.log_info("ascalon: "..a)h.n=a
e("notice_until",m()+c)e("notice_"..i(d:window_id()),m()+c)d:set_right_status(a)if b.c.notifications then
l(function()return d:toast_notification("ascalon",a,nil,5000)end)end
end
a.ah=function(a)return d("until",a)and h.n or""end
function a.Z(b,c)local a=i(b:window_id())if f("notice_"..a)==0 or d(a,c)then
return
end
e("notice_"..a,0)b:set_right_status("")end
end
function a.g(a,c)local b=a:mux_window():active_pane()if b~=nil then
a:perform_action(c,b)end
end
function a.M(c,d)d:activate()local b=d:window()if b==nil or b:window_id()==c:window_id()then
return
end
local f,e=l(function()return b:gui_window()end)if f and e~=nil then
e:focus()else
a.g(c,g.action.SwitchToWorkspace({name=b:get_workspace()}))end
end
do
local e,f
function a.K(d,e,f)local c=b.x
if c==nil then
return
end
a.g(d,g.action.InputSelector({title="ascalon",description=e,choices=f,action=c}))end
function e(a)if a=="proxy"then
return#b.b.proxyCommand>0
end
return#b.k>0
end
function f(d,e)local b={}local a=""for d,c in c(o(d," "))do
if a~=""and#a+1+#c>e then
b[#b+1]=a
a=c
else
a=a==""and c or a.." "..c
end
end
if a~=""then
b[#b+1]=a
end
return b
end
function a.L(g,d)n(g,d.m)local b={{label="Close",id=""}}for c,a in c(d.D)do
if e(a)then
b[#b+1]={label=a=="proxy"and"Attach over ssh instead"or"Run ascalon "..a,id=a}end
end
for d,a in c(d.C)do
for c,a in c(f(a,76))do
b[#b+1]={label=a,id=""}end
end
a.K(g,d.m,b)end
function a.ar(c)b.x=a.U("ascalon.chosen",function(b,d,e,a)if a~=nil and a~=""then
c(b,d,e,a)end
end)end
function a.ai()if b.b.docsUrl~=""then
g.open_with(b.b.docsUrl)end
end
end
do
local c=10
local d=3
function a.e(a)local b=a-f("seen_at")if(b<0 or b>c)and f("jumps")<d then
e("jumps",f("jumps")+1)e("busy_until",f("busy_until")+b)end
e("seen_at",a)return f("busy_until")>a
end
function a.b(a,c)local b=f("ticket")+1
e("ticket",b)e("busy_until",a+c)e("seen_at",a)e("jumps",0)return b
end
function a.v(a)return f("ticket")==a
end
function a.r(b)if a.v(b)then
e("busy_until",0)end
end
function a.ac(b,c)local d=a.b(m(),b)local e,f=l(c)a.r(d)return e,f
end
end
do
local d
function L(c)local a=c.mux.get_domain(b.b.proxyDomain)if(a and a:state())=="Attached"then
return a
end
return c.mux.get_domain(b.b.domain)end
function d()local a=os.getenv("WEZTERM_UNIX_SOCKET")or""local b=w(a,"gui-sock-")if b<0 then
return nil
end
return tonumber(v(a,b+9))end
function a.c(e,f,g)local c=L(e)return a.W({u=m(),status=f,domain=c==nil and"unregistered"or(c:state()=="Attached"and"attached"or"detached"),H=(c and c:has_any_panes())==true,t=a.e(m()),w=g,y=#b.k>0,G=d()})end
end
function K(a)local b,c=l(function()return a:get_domain_name()end)return b and c or nil
end
function a.d(a,d)for b,a in c(a)do
for b,a in c(a:tabs())do
for c,a in c(a:panes())do
local b=K(a)if b~=nil and d(b)then
return a
end
end
end
end
return nil
end
do
local b,l
J={i=0,h=0,d=0,g=0,f=0}local m=5
local n=32
local o=20
function a.ax(c,g)local d=g.u
local e=a.t(g.status,d)local h=c
local j=h.i
local f=h.h
local k=h.d
local i=h.g
if g.F then
return b(l(e==nil and f or e.since))end
if j==0 or g.t then
return b(c)end
if f==0 then
return b(J)end
if k==0 then
return b({i=j,h=f,d=d,g=i,f=d})end
if e==nil or e.state~="up"then
return b(c)end
if e.since<=f then
return b(d-k>o and J or c)end
if d<c.f and c.f-d<=n then
return b(c)end
if i>=m then
return b(J)end
local p=d+(2<<i)return{attach=true,e={i=j,h=f,d=k,g=i+1,f=p}}end
b=function(a)return{e=a,attach=false}end
l=function(a)return{i=1,h=a,d=0,g=0,f=0}end
end
function a.ao()return{i=f("wanted"),h=f("link_since"),d=f("lost_at"),g=f("attempts"),f=f("next_at")}end
function a.G(a)e("wanted",a.i)e("link_since",a.h)e("lost_at",a.d)e("attempts",a.g)e("next_at",a.f)end
function a.s()a.G(J)e("wish_until",0)end
do
function a.z(b)local a={}for c,b in c(o(b,"/"))do
if b==".."then
table.remove(a)elseif b~=""and b~="."then
a[#a+1]=b
end
end
return"/"..H(a,"/")end
local function d(b,a)if b=="/"then
return a=="/"and""or a
end
if a==b then
return""end
local c=b.."/"return v(a,0,#c)==c and v(a,#b)or nil
end
local function e(e,f,b)local a
for g,c in c(f)do
local f=a==nil or#c[b]>#a[b]if f and d(c[b],e)~=nil then
a=c
end
end
return a
end
local function b(k,f,g,b)local h=a.z(k)local c=e(h,f,g)if c==nil then
return nil
end
local i=a.z(c[b]..(d(c[g],h)or""))local j=e(i,f,b)return j~=nil and j[b]==c[b]and i or nil
end
function a.az(a,c)return b(a,c,"host","guest")end
function a.aA(a,c)return b(a,c,"guest","host")end
end
do
local c,f,d
function c(g,h)local d=K(g)if not b.c.same_place or d==nil then
return nil
end
local c=z(d)if not c and d~="local"then
return nil
end
local e=f(g,c)if e==nil or c==(h=="vm")then
return e
end
local i=c and a.aA or a.az
return i(e,b.b.mounts)end
function f(b,c)local e,a=l(function()return b:get_current_working_dir()end)if not e or a==nil then
return nil
end
return(c or d(a.host or""))and a.file_path or nil
end
function d(a)return a==""or a=="localhost"or a==g.hostname()end
function a.y(a,b,d)a:mux_window():spawn_tab({domain={DomainName=d},cwd=c(b,"vm")})end
function a.ag(d,a,b)a:mux_window():spawn_tab({domain={DomainName="local"},cwd=c(b,"local")})end
end
do
local b,c,e,f,g,i
function b(e)local b=j(e)local c=d(b.name)if c==nil then
return nil
end
return{name=c,state=x(b.state,a.ae,"off"),reason=d(b.reason),since=k(b.since)or 0,rttMs=h(b.rttMs)=="number"and b.rttMs or nil,nextAttemptAt=k(b.nextAttemptAt),target=d(b.target),chosen=d(b.chosen)}end
function c(e)local a=j(e)local b=k(a.pid)local c=k(a.codec)if b==nil or c==nil then
return nil
end
return{pid=b,codec=c,version=d(a.version)or"of unknown version"}end
function a.an(o)local a=j(o)local l=k(a.schema)local m=k(a.writtenAt)local n=k(a.nextWriteBy)if l==nil or m==nil or n==nil then
return nil
end
return{schema=l,writtenAt=m,nextWriteBy=n,ascalon=d(a.ascalon)or"",vm=e(j(a.vm)),links=q(a.links,b),mux=f(j(a.mux)),gui=q(a.gui,c),codec=g(j(a.codec)),generation=k(a.generation),pendingPlan=h(a.pendingPlan)=="table"and i(j(a.pendingPlan))or nil,attention=q(a.attention,d)}end
e=function(b)return{state=x(b.state,a.aB,"unknown"),since=k(b.since)or 0,reason=d(b.reason)}end
f=function(a)return{socketPath=d(a.socketPath)or"",codec=k(a.codec),version=d(a.version),exe=d(a.exe),hijacked=a.hijacked==true}end
g=function(a)return{verdict=x(a.verdict,{"equal","different","unknown"},"unknown"),sentence=d(a.sentence),fix=d(a.fix)}end
i=function(a)return{restart=k(a.restart)or 0,rebuild=k(a.rebuild)or 0,recreate=k(a.recreate)or 0}end
end
do
function a.O(b)return a.an(a.C(b))end
local c={n=nil,status=nil}function I()local d=a.E(b.b.statusPath)if d==c.n then
return c.status
end
c.n=d
c.status=a.O(d or"")return c.status
end
end
do
local g,h
function g(c,d,e)local b=c.mux.get_pane(e)if b==nil then
return false
end
a.M(d,b)return true
end
function a.u(b)local function c(a)return not z(a)and a~=h
end
return a.d(b.mux.all_windows(),c)~=nil
end
local j="code=$?; printf '\\n[ended with %s; Enter closes this tab] ' \"$code\"; read -r _; exit \"$code\""local m="\"$@\"; "..j
local n="\"$@\" && { sleep 1; exit 0; }; "..j
function a.n(d)local a={}for c,b in c(b.k)do
a[#a+1]=b
end
for c,b in c(d)do
a[#a+1]=b
end
return a
end
local function k(d,e)local b={"/bin/sh","-c",d,"sh"}for c,a in c(a.n(e))do
b[#b+1]=a
end
return b
end
local function d(a,b)return a:spawn_tab({domain={DomainName="local"},args=b})end
function a.I(a,b)d(a:mux_window(),k(m,b))end
function a.J(c,a)local b=f("up_pane")if b>0 then
local d,e=l(function()return g(c,a,b-1)end)if d and e then
return false
end
end
local i,h=d(a:mux_window(),k(n,{"up","--attach"}))e("up_pane",h:pane_id()+1)return true
end
function a.w(e,b)if a.u(e)then
return
end
local c=b:active_tab()d(b)if c~=nil then
c:activate()end
end
h="TermWizTerminalDomain"function a.H(c,d)local b={r=false,q="",v=""}local e,f=l(function()local e,f,g=c.run_child_process(a.n(d))b={r=e,q=f,v=g}end)return e and b or({r=false,q="",v=i(f)})end
end
do
local d,c,h,g,l,o,p,j,q,k
local r=a.ac
function a.h(b,e,f,g)local h=a.c(b,I(),false)if h.a=="ask"then
d(e,f,g)else
c(b,e,f,g,h)end
end
function d(f,g,h)a.b(m(),2)C("ask",function(b)local d=a.b(m(),q)local e=a.H(b,{"attach","--json"})if not a.v(d)then
return
end
a.r(d)local i=a.c(b,a.O(e.r and e.q or""),true)c(b,f,g,h,i)end)end
function c(e,d,f,i,c)if c.a=="attach"then
a.a(e,d,f,b.b.domain,i,false)elseif c.a=="focus"and i=="show"then
o(e,d,f)elseif c.a=="focus"or c.a=="spawn"then
h(e,d,f,false,j,function()local g=a.y
local h=d
local i=f
local c=L(e)return g(h,i,c and c:name()or b.b.domain)end)elseif c.a=="start"then
l(e,d,c.sentence)elseif c.a=="wait"then
k()n(d,c.sentence)elseif c.a=="explain"then
g(e,d,f,c,false)else
n(d,"ascalon is at it already.")end
end
function h(c,d,e,f,h,j)local b,k=r(h,j)if not b then
g(c,d,e,a.aa(i(k)),f)end
return b
end
function g(d,b,f,c,g)if g then
n(b,c.m)else
e("failed_at",m())e("failed_window",b:window_id())a.L(b,c)end
D(d,"ascalon.attach.failed",b,f,{message=c.m})end
function l(d,b,e)k()local c=e
local f,g=r(j,function()if not a.J(d,b)then
c="ascalon up has its tab already: here it is."end
end)n(b,f and c or"ascalon could not be started: "..i(g))end
function a.a(c,b,d,f,i,j)local g=c.mux.get_domain(f)if g==nil or a.e(m())then
return
end
e("wish_until",0)local k=h(c,b,d,j,p,function()D(c,"ascalon.attach.start",b,d,{domain=f})g:attach(b:mux_window())e("wanted",1)e("failed_at",0)if i=="tab"or not g:has_any_panes()then
a.y(b,d,f)end
end)if k then
D(c,"ascalon.attach.finished",b,d,{domain=f})end
end
function o(d,b,e)if z(K(e)or"")then
return
end
local c=a.d({b:mux_window()},z)or a.d(d.mux.all_windows(),z)if c~=nil then
a.M(b,c)end
end
local s=30
p=90
j=10
q=20
function a.D(d,b,e,g)local c=m()-f("failed_at")local h=c>=0 and c<2 and f("failed_window")==b:window_id()if not h then
a.h(d,b,e,g)end
end
function a.T(c,e,f)local d=a.c(c,I(),false)if d.a=="attach"then
a.a(c,e,f,b.b.domain,"show",true)elseif d.a=="explain"then
a.s()g(c,e,f,d,true)end
end
k=function()return e("wish_until",m()+s)end
function a.ab(b)local a=f("wish_until")-b
return a>0 and a<=s
end
end
do
local e,d
local f=a.a
function e(g,c,f)local b="ascalon "..H(f," ")n(c,b.." …")local e=a.H(g,f)if e.r then
local a=d(e.q,1)[1]n(c,a==nil and b..": done"or b..": "..a)return
end
local h=d(e.v,5)a.L(c,{a="explain",m=b.." failed.",C=h,D={"doctor"}})end
function d(b,d)local a={}for c,b in c(o(b,"\n"))do
if b~=""then
a[#a+1]=S(b,1,200)end
if#a>d then
table.remove(a,1)end
end
return a
end
function a.at(c,d)if#b.k==0 then
n(c,a.m)elseif d.runs=="tab"then
a.I(c,d.argv)else
C("run",function(a)return e(a,c,d.argv)end)end
end
function a.au(e,c,g,d)if d=="up"then
a.J(e,c)elseif d=="proxy"then
f(e,c,g,b.b.proxyDomain,"show",false)else
a.I(c,{d})end
end
end
function a.X(d,b)local c=L(d)if(c and c:state())=="Attached"then
a.w(d,b:mux_window())local e,f=l(function()return c:detach()end)if not e then
n(b,"WezTerm could not detach the VM: "..i(f))end
else
n(b,"The VM is not attached.")end
a.s()end
do
local h,i,b,c,d
function h(c)if#c>a.f.open then
return d
end
if not B(c,"https://")and not B(c,"http://")then
return b("not a web address")end
do
local d=0
while d<#c do
local a=y(c,d)if a<=32 or a>=127 or a==34 or a==39 or a==92 or a==96 then
return b("a bad character")end
d=d+1
end
end
return{a="open",s=c}end
function i(c)if c==""then
return b("empty")end
if#c>a.f.notify then
return d
end
local e=0
do
local d=0
while d<#c do
local a=y(c,d)local f=a<32 or a==127 or e==194 and a>=128 and a<160
if f then
return b("a bad character")end
e=a
d=d+1
end
end
return{a="notify",s=c}end
a.f={open=2048,notify=300,attach=64}function a.ad(e,b,f,g)if e=="ascalon.open"and g.open then
return f=="vm"and h(b)or c
end
if e=="ascalon.notify"and g.notify then
return f=="vm"and i(b)or c
end
if e=="ascalon.attach"and g.attach then
if f~="local"then
return c
end
return#b>a.f.attach and d or({a="attach",s=b})end
return{a="ignore"}end
b=function(a)return{a="refuse",reason=a}end
c=b("not from that pane")d=b("too long")function a.ay(a,b,c,d)if b-a.j>=d or b<a.j then
return{E=true,e={j=b,l=1}}end
return{E=a.l<c,e={j=a.j,l=a.l+1}}end
end
do
local c,i,d,j,k
function c(j,f,h,e,k)if not B(e,"ascalon.")then
return
end
local c=a.ad(e,k,i(h),b.c.messages)if c.a=="ignore"then
return
end
if c.a=="refuse"then
if d(c.a)then
p(e.." refused: "..c.reason)end
return
end
if not d(c.a)then
return
end
if c.a=="open"then
g.open_with(c.s)elseif c.a=="notify"then
n(f,"VM: "..c.s)else
a.h(j,f,h,"show")end
end
function i(b)local a=K(b)if a=="local"then
return"local"end
return a~=nil and z(a)and"vm"or"other"end
function d(b)local d={j=f(b.."_window"),l=f(b.."_count")}local c=a.ay(d,m(),j,k)e(b.."_window",c.e.j)e(b.."_count",c.e.l)return c.E
end
j=5
k=10
function a.aq()s("user-var-changed",function(d,e,f,a,b)if h(a)=="string"and h(b)=="string"then
c(d,e,f,a,b)end
end)end
end
do
local f,j,i,e,d
function a.A()local a={}for d,b in c(F)do
local c=i[b]if f(b)then
a[#a+1]={brief="ascalon: "..c[1],icon=c[2],action=E(r[b])}end
end
for d,b in c(b.b.palette)do
local c="ascalon: "..b.brief
a[#a+1]={brief=c,doc=b.doc,icon=b.icon,action=E(Q(b.id))}end
return a
end
function f(a)return a~="menu"and(a~="docs"or b.b.docsUrl~="")end
function j(f,g)local b=a.A()for j,d in c(d.z)do
local i,a=l(d,f,g)if not i then
M("another "..e.." handler",a)elseif h(a)=="table"then
for c,a in c(a)do
b[#b+1]=a
end
end
end
return b
end
i={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.av(g,e)local d={}for b,a in c(F)do
if f(a)then
d[#d+1]={label=i[a][1],id=r[a]}end
end
for b,a in c(b.b.palette)do
d[#d+1]={label=a.brief,id=Q(a.id)}end
a.K(e,"ascalon",d)end
e="augment-command-palette"d={A=false,z={}}function a.k()if d.A then
return
end
d.A=true
local a=g.on
a(e,j)g.on=function(b,c)if b==e then
local a=d.z
a[#a+1]=c
else
a(b,c)end
end
end
end
function a.j(b)local a=N(math.max(b,0))if a<60 then
return i(a).." s"end
if a<3600 then
return i(N(a/60)).." min"end
if a<172800 then
return i(N(a/3600)).." h"end
return i(N(a/86400)).." d"end
do
local e,f,g
function e(c,e)local b=c.vm.state
local d=c.vm.reason
if b=="starting"or b=="stopping"then
return b.." "..a.j(e-c.vm.since)end
return(d==nil or d=="")and b or b.." ("..d..")"end
function f(b)local a={}for c,b in c(b.links)do
if b.state=="broken"or b.state=="healing"then
a[#a+1]=b.name.." "..b.state
end
end
if b.mux.hijacked then
a[#a+1]="mux hijacked"end
local d=b.codec.verdict=="different"if d then
local a=O(b,"mux")d=(a and a.state)=="up"end
if d then
a[#a+1]="WezTerm versions differ"end
local e=g(b.pendingPlan)if e~=""then
a[#a+1]=e
end
return a
end
function g(a)if a==nil then
return""end
if a.recreate>0 then
return"recreate pending"end
if a.restart>0 then
return"restart pending"end
return a.rebuild>0 and"rebuild pending"or""end
function a.aw(b,g,d)if b==nil then
return d.o and"ascalon: unknown"or""end
local h=a.i(b,g)if h>0 then
return"ascalon: no news for "..a.j(h)end
if b.vm.state=="absent"then
return d.o and"ascalon: no VM"or""end
local c=b.vm.state=="running"and f(b)or({e(b,g)})if#c==0 and not d.o then
return""end
if d.o and b.generation~=nil then
c[#c+1]="generation "..i(b.generation)end
return#c==0 and"ascalon: up"or"ascalon: "..H(c,", ")end
end
do
local h,i,j,k,l
function h(d,c,g,m,h)local n=L(d)local o=(n and n:state())=="Attached"j(c,g,m,h,o)local p=h-f("local_tab_at")if o and b.c.keep_local_tab and(p<0 or p>=l)then
e("local_tab_at",h)if not a.u(d)then
C("keep-local-tab",function(b)return a.w(b,c:mux_window())end)end
end
if f("started")==0 then
if not i()then
e("started",1)else
C("startup",function(b)e("started",1)a.h(b,c,g,"show")end)end
end
k(d,c,g,m)end
function i()return(b.c.attach or b.b.attach)=="startup"end
function j(g,k,c,d,h)local i=a.ao()local e=a.ax(i,{u=d,F=h,t=a.e(d),status=c})a.G(e.e)local j=(c and c.vm.state)=="running"if i.d==0 and e.e.d>0 and j then
n(g,"The connection to the VM was lost.")end
local f=not h and a.ab(d)and j
if f then
local b=a.t(c,d)f=(b and b.state)=="up"end
local l=f
if l or e.attach and b.c.reattach then
C("reattach",function(b)return a.T(b,g,k)end)end
end
function k(d,e,f,c)if c==nil then
return
end
local a=g.GLOBAL.ascalon_vm
local b=c.vm.state
g.GLOBAL.ascalon_vm=b
if a~=nil and a~=b then
D(d,"ascalon.vm.changed",e,f,{from=a,to=b})end
end
function a.P(f,d)local e=a.ah(d)if e~=""then
return e
end
local c=a.aw(f,d,{o=b.c.status=="always"})if b.p==nil then
return c
end
return c==""and"ascalon: versions differ"or c..", versions differ"end
l=5
function a.as()s("update-status",function(i,d,j)local c=m()local g=I()if f("tick_at")~=c then
e("tick_at",c)h(i,d,j,g,c)end
if b.c.status==false then
a.Z(d,c)else
d:set_right_status(a.P(g,c))end
end)end
end
do
local d,e
function d(a)local b=_G.package.loaded
local c=b[a]==nil
b[a]=true
return c
end
function e()for c,b in c(b.b.palette)do
s(Q(b.id),function(d,c)return a.at(c,b)end)end
end
function a.ap()if b.c.palette and d("ascalon.palette")then
a.k()end
if not d("ascalon.handlers")then
return
end
s(r.attach,function(b,c,d)return a.D(b,c,d,"show")end)s(r.new_tab,function(b,c,d)return a.D(b,c,d,"tab")end)s(r.detach,a.X)s(r.new_local_tab,a.ag)s(r.menu,a.av)s(r.docs,a.ai)e()a.ar(function(d,c,e,b)if B(b,"ascalon.")then
a.g(c,E(b))else
a.au(d,c,e,b)end
end)a.aq()a.as()end
end
do
local e
function e(b)if#b~=1 then
return false
end
local a=string.byte(b,1)or 0/0
return a>=65 and a<=90 or a>=97 and a<=122
end
function a.B(a)local b=w(a,"+")if b<0 or b==#a-1 then
return nil
end
return{mods=v(a,0,b),key=v(a,b+1)}end
local f={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.l(g,h)local b={}for d,c in c(o(H(o(string.upper(h)," "),""),"|"))do
local a=f[c]if a~=nil then
b[a]=true
end
end
local a=g
for c,b in c({"phys:","mapped:","raw:"})do
if B(a,b)then
a=v(a,#b)end
end
if e(a)then
if b.SHIFT==true then
a=string.upper(a)end
b.SHIFT=false
end
local d=""for c,a in c({"ALT","CTRL","LEADER","SHIFT","SUPER"})do
if b[a]==true then
d=d..a.."|"end
end
return d..a
end
end
do
local e,g,i,f
function e(d,c)if c==nil or c==true then
if d=="attach"then
return a.B(b.b.key)end
elseif c~=false then
local a=g(c)if a~=nil then
return a
end
p("keys."..d.." is false, \"CMD|SHIFT+A\" or { key = …, mods = … }")return e(d,nil)end
return nil
end
function g(b)if h(b)=="string"then
return a.B(b)end
local c=j(b)local e=d(c.key)if e==nil then
return nil
end
return{key=e,mods=d(c.mods)or""}end
function i(b,d)for c,b in c(b)do
if h(b.key)=="string"and a.l(b.key,b.mods or"")==d then
return true
end
end
return false
end
function a.Q()local d=j(b.c.keys)P(d,F,"keys.")local a={}for f,b in c(F)do
local c=e(b,d[b])if c~=nil then
a[#a+1]={key=c.key,mods=c.mods,action=E(r[b])}end
end
return a
end
function a.S(e)if b.c.keys==false then
return
end
local g=e.keys or({})local d={}for e,c in c(a.Q())do
local b=a.l(c.key,c.mods or"")if not i(g,b)then
d[#d+1]=c
elseif not f[b]then
p(b.." is bound already; left as it is")end
f[b]=true
end
for b,a in c(g)do
d[#d+1]=a
end
e.keys=d
end
f={}end
local t={}local A
function A(a,b)local c,d=l(b)if not c then
M(a,d)end
end
t.version="0.1.0"t.contract_version=G
t.action={}for b,a in c(F)do
t.action[a]=E(r[a])end
function t.apply_to_config(c,d)if g.gui==nil then
return c
end
A("options",function()b.c=a.F(d)end)A("plugin.json",a.x)A("domains",function()return a.R(c)end)A("keys",function()return a.S(c)end)A("events",a.ap)return c
end
function t.keys()if not b.B then
A("plugin.json",a.x)end
return a.Q()end
t.palette_entries=a.A
t.chain_palette=a.k
function t.status_text(d)local b,c=l(function()return a.P(I(),m())end)return b and c or""end
return t
