-- ascalon 0.1.0, contract 1: generated from src/wezterm and src/shared, do not edit.
local j,c,l,k,i,J,Q,X=pcall,ipairs,tostring,type,os.time,table.concat,math.floor,string.sub
local e=require"wezterm"local function y(a,b,c)return X(a,b+1,c)end
local function Y(a)return k(a)=="table"end
local function K(a,b)return string.byte(a,b+1)end
local function D(b,a)return X(b,1,#a)==a end
local function Z(a)return tonumber(a)end
local R,S,T,U,V,W,L,M,N,O,P,F,G,H,I,E,z,A,B,C,v,w,x,r,s,q,t,o,p,m,n,h,g,f,d,b,a
a={}I=1
W={plugin="wezterm/plugin.json",status="status.json",socket="sock/mux.sock"}s={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}H={"attach","detach","new_tab","new_local_tab","menu","docs"}V=function(a)return"ascalon.cli."..a end
C=function(a)return e.action.EmitEvent(a)end
function h(a)return k(a)=="table"and a or{}end
function f(a)return k(a)=="string"and a or nil
end
function n(a)return k(a)=="number"and Q(a)or nil
end
function t(b,d)local a={}if not Y(b)then
return a
end
for e,c in c(b)do
local b=d(c)if b~=nil then
a[#a+1]=b
end
end
return a
end
function B(b,a,d)for c,a in c(a)do
if a==b then
return a
end
end
return d
end
a.ao="up;Start the VM;play\nshell;Shell in the VM;console\nstatus;Show the VM's status;information\nstop;Stop the VM;stop;silent\nrestart;Restart the VM;restart\nrebuild;Rebuild the guest;hammer_wrench\nheal;Repair the links;bandage;silent\ndoctor;Check for problems (doctor);stethoscope\nlogs;Show the logs;text_box_search\nagent logs;Show the agent's log;text_box\nconfig edit;Edit the settings;cog"function x(a,b)return(string.find(a,b,nil,true)or 0)-1
end
function m(e,d)local b={}local a=e
local c=x(a,d)while c>=0 do
b[#b+1]=y(a,0,c)a=y(a,c+#d)c=x(a,d)end
b[#b+1]=a
return b
end
do
local b,e,c
function b(b)local d,e,f,g=table.unpack(m(b,";"),1,4)local a=m(d," ")return c{id=J(a,"-"),brief=e,icon="md_"..l(f),argv=a,runs=g}end
function e(d)local a=h(d)local b=f(a.host)local c=f(a.guest)if not b or not c then
return
end
return{host=b,guest=c}end
function c(d)local a=h(d)local b=f(a.id)local c=f(a.brief)if not b or not c then
return
end
return{id=b,brief=c,doc=f(a.doc)or"",icon=f(a.icon)or"md_server",argv=t(a.argv,f),runs=B(a.runs,{"tab","silent"},"tab")}end
function a.v(a,b)return{contract=I,ascalon="",cli={},statusPath=a.."/"..W.status,domain="ascalon",socketPath=a.."/"..W.socket,proxyDomain="ascalon-proxy",proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette=b,docsUrl=""}end
function a.ap(g,d)local b=h(g)local a={}for c in pairs(d)do
local e=f(d[c])if e then
a[c]=f(b[c])or e
end
end
a.contract=n(b.contract)or 0
a.cli=t(b.cli,f)a.proxyCommand=t(b.proxyCommand,f)a.attach=B(b.attach,{"key","startup"},d.attach)a.mounts=t(b.mounts,e)a.palette=t(b.palette,c)return a
end
function a.Z(a,c)if a==I then
return
end
local b="The plugin speaks contract "..l(I)..", ascalon "..c.." contract "..l(a)return a<I and b..": upgrade ascalon."or b..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
a.an=function()return t(m(a.ao,"\n"),b)end
end
function a.K(b)local a=io.open(b,"r")if not a then
return
end
local c=a:read(65536)a:close()return c
end
function U(a)local b,c=j(e.json_parse,a)if b then
return c
end
end
function p(a)e.log_warn("ascalon: "..a)end
function T(b,c)local a=l(c)if x(a,"not found")>=0 or x(a,"not valid")>=0 then
p(a)else
e.log_error("ascalon: "..b..": "..a)end
end
function E(a)return m(l(a),"\nstack traceback:")[1]or""end
do
local b
function b(c,d)local e=math.min(#c,#d)local a=0
while a<e and K(c,a)==K(d,a)do
a=a+1
end
local b=0
while a+b<e and K(c,#c-1-b)==K(d,#d-1-b)do
b=b+1
end
return a+b
end
function a.aj(d,a)for e,a in c(a)do
local c=math.max(#d,#a)if c-b(d,a)<=2 and c>3 then
return a
end
end
end
end
do
local i,j,b,d
function i()local a=D(e.version,"0-")or D(e.executable_dir,"/nix/store")return not a or x(e.target_triple,"darwin")<0
end
function j(d)local a=h(d)S(a,{"attach","notify","open"},"messages.")local c=d~=false
return{open=b(a,"open",c),notify=b(a,"notify",c),attach=b(a,"attach",c)}end
function b(b,c,e)local a=b[c]d(b,c,k(a)=="boolean","true or false")if k(a)=="boolean"then
return a
end
return e
end
function d(b,a,c,d)if b[a]~=nil and not c then
p(a.." is "..d)end
end
function S(b,c,d)for b in pairs(b)do
if B(b,c,"")==""then
local e=a.aj(b,c)p("unknown option "..d..b..(not e and""or"; did you mean "..d..e.."?"))end
end
end
local m={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.L(e)if e~=nil and k(e)~="table"then
p"the options must be a table"end
local a=h(e)S(a,m,"")local g=B(a.attach,{"key","startup"},"")local l=k(a.cli)=="string"and{a.cli}or t(a.cli,f)d(a,"attach",g~="",'"key" or "startup"')d(a,"cli",#l>0,"a path or a list of words")d(a,"plugin_json",k(a.plugin_json)=="string","a path")for c,b in c{"keys","messages"}do
d(a,b,a[b]==false or k(a[b])=="table","false or a table")end
return{plugin_json=f(a.plugin_json),cli=l,keys=a.keys~=false and h(a.keys),attach=g~=""and g or nil,palette=b(a,"palette",false),status=a.status=="always"and"always"or b(a,"status",false),notifications=b(a,"notifications",i()),reattach=b(a,"reattach",true),keep_local_tab=b(a,"keep_local_tab",true),same_place=b(a,"same_place",true),messages=j(a.messages)}end
end
function R()local a=os.getenv"XDG_STATE_HOME"local b=a
return(b and D(a,"/")and a or e.home_dir.."/.local/state").."/ascalon"end
b={c=a.L(nil),b=a.v(R(),{}),m={},t=false,B={},F=function()end}function A(a)return a==b.b.domain or a==b.b.proxyDomain
end
function a.F()local c=b.c
local d=c.plugin_json or R().."/"..W.plugin
e.add_to_config_reload_watch_list(d)local g=a.v(R(),#c.cli>0 and a.an()or{})local h=a.K(d)local f=U(h or"")if h and k(f)~="table"then
p(d.." is damaged")end
b.t=k(f)=="table"b.b=b.t and a.ap(f,g)or g
b.m=#c.cli>0 and c.cli or b.b.cli
b.v=a.Z(b.b.contract,b.b.ascalon)if b.v then
p(b.v)end
end
function a.g()if b.t then
return
end
a.F()b.F()end
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
for e,c in c(f[b]or{})do
if c.name==a.name then
d(b,a.name)return
end
end
end
b[#b+1]=a
end
e={"ssh_domains","exec_domains","wsl_domains","tls_clients"}function a.V(e)local a=b.b
local d={}for b,a in c(e.unix_domains or{{name="unix"}})do
d[#d+1]=a
end
f(e,d,{name=a.domain,socket_path=a.socketPath,no_serve_automatically=true})if#a.proxyCommand>0 then
f(e,d,{name=a.proxyDomain,proxy_command=a.proxyCommand,no_serve_automatically=true})end
e.unix_domains=d
end
d=function(a,b)return p(a.." already has "..b.."; it is left as it is")end
end
do
local c,b
function w(a,c)local d,e=j(c,b)if not d then
T(a,e)end
end
function c(a,f)return function(c,d,g,h)local i,e=j(f,b,c,d,g,h)if i then
return
end
T(a,e)G(b,"ascalon.error",c,d,{event=a,message=l(e)})end
end
function G(b,a,c,d,e)local f,g=j(b.emit,a,c,d,e)if not f then
p("a handler of "..a..": "..l(g))end
end
b=e
function q(a,b)e.on(a,c(a,b))end
function a.Y(a,b)return e.action_callback(c(a,b))end
function v(b,c)local a=true
e.time.call_after(0.01,function()if a then
a=false
w(b,c)end
end)end
end
do
local c
function c(a,b)if a<b then
return"Install a newer WezTerm here (macOS: brew install --cask wezterm@nightly) and start it again, or pin the VM's to this one."end
return"Update the VM's WezTerm: update the flake's nixpkgs input, then run ascalon rebuild."end
function a.u(a,b)if not a or not b then
return{verdict="unknown"}end
if a.codec==b.codec then
return{verdict="equal"}end
return{verdict="different",sentence="WezTerm here is "..a.version.." (codec "..l(a.codec)..") and the VM's is "..b.version.." (codec "..l(b.codec).."); WezTerm attaches only to its own codec.",fix=c(a.codec,b.codec)}end
end
function a.f(a,b)for c,a in c(a.links)do
if a.name==b then
return a
end
end
end
a.aF={"absent","stopped","starting","running","stopping","broken","unknown"}a.ai={"off","waiting","up","broken","healing"}function a.m(a,b)if b>a.nextWriteBy then
return b-a.nextWriteBy
end
if a.writtenAt>b+60 then
return a.writtenAt-b
end
return 0
end
function a.ad(b,c)if not b or a.m(b,c)>0 then
return
end
return a.f(b,"mux")end
do
local g,b,f,h,i,d,e,j
function g(c,f)local a=c.vm
local e=j[a.state]if e then
return{a="start",d=e}end
if a.state=="broken"then
return o("The VM is broken"..d(a.reason)..".",{"ascalon up repairs it."},{"up","doctor"})end
return b(c,f)end
function b(c,e)if c.mux.hijacked then
return o("Another WezTerm server has taken the VM's socket.",{(c.mux.exe or"It").." answers at "..c.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local b=a.f(c,"mux")if not b or b.state=="off"then
return{a="start",d="The VM runs without a link to WezTerm: making it."}end
if b.state=="waiting"or b.state=="healing"then
return{a="wait",d="The link to the VM is being made"..d(b.reason)..".",u={"The VM is attached as soon as it is."},E={"doctor","heal"}}end
if b.state=="broken"then
return o("The link to the VM is broken"..d(b.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return f(c,e)end
function f(b,c)local d=not c and b.codec or a.u(h(b,c),i(b))return d.verdict=="different"and a.x(d)or{a="attach"}end
function h(a,b)for c,a in c(a.gui)do
if a.pid==b then
return a
end
end
end
function i(b)local a=b.mux
if not a.codec then
return
end
return{codec=a.codec,version=a.version or"of unknown version"}end
function d(a)return(not a or a=="")and""or": "..a
end
o=function(a,b,c)return{a="explain",d=a,u=b,E=c}end
a.s="The plugin does not know where ascalon is."function a.aa(b)if b.s then
return{a="busy"}end
if b.domain=="unregistered"then
return o("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
local h=b
local d=h.status
local i=h.J
local j=d==nil or a.m(d,b.w)>0 and not b.A
local f
if j then
f=nil
else
f=g(d,b.K)end
local c=f
if b.domain=="attached"then
return{a=b.L and"focus"or"spawn",doubt=c}end
if not i and(not c or c.a=="start")then
return e
end
if c then
return c
end
if not b.A then
return{a="ask"}end
return o("ascalon gives no answer about the VM.",e.u,{"doctor"})end
e=o(a.s,{"Run this once in a terminal, then press again: ascalon wezterm install"},{})j={absent="There is no VM yet: making it.",stopped="The VM is stopped: starting it.",starting="The VM is starting: waiting for it.",stopping="The VM is stopping: starting it again."}a.x=function(a)return o("WezTerm here and in the VM speak different versions.",{a.sentence or"",a.fix or""},{"rebuild","shell","doctor"})end
end
do
local e,c,b,d
function e(a)if b(a,"failed to connect to Socket")then
return"Nothing listens at the VM's socket."end
if b(a,"Timed out while parsing")then
return"The VM accepts the connection and does not answer."end
if b(a,"EOF while reading")or b(a,"os error 104")or b(a,"Internal channel was closed")then
return"The link is open and the VM's WezTerm server does not answer behind it."end
return"WezTerm could not attach to the VM."end
function c(a,b)if not a or not b then
return
end
local c=m(a," ")return{codec=Z(d(b,")")),version=c[#c]or""}end
function a.w(g)local d=J(m(g,"\n")," ")local b=m(d," (codec version ")local f=a.u(c(b[2],b[3]),c(b[1],b[2]))if f.verdict=="different"then
return a.x(f)end
return o(e(d),{d},{"doctor","heal"})end
b=function(a,b)return x(a,b)>=0 end
d=function(a,b)return m(a,b)[1]or""end
end
function g(a)return e.GLOBAL["ascalon_"..a]or 0
end
function d(a,b)e.GLOBAL["ascalon_"..a]=b
end
function a.j(a,c)local b=a:mux_window():active_pane()if b then
a:perform_action(c,b)end
end
function a.R(c,b)local d=b:tab()if d~=nil then
d:activate()end
local a=b:window()if not a or a:window_id()==c:window_id()then
return
end
local g,f=j(function()return a:gui_window()end)if g and f then
f:focus()else
c:perform_action(e.action.SwitchToWorkspace{name=a:get_workspace()},b)end
end
do
local h,f
function h(b,c)local a=b-c
return a>0 and a<=10
end
local c={o="",q=1}function r(g,a)e.log_info("ascalon: "..a)c.o=a
c.q=i()+10
d(f(g),c.q)g:set_right_status(a)if b.c.notifications then
j(function()return g:toast_notification("ascalon",a,nil,5000)end)end
end
a.al=function(a)return h(c.q,a)and c.o or""end
f=function(a)return"notice_"..l(a:window_id())end
function a.ah(a)if g(f(a))==c.q then
a:set_right_status(c.o)end
end
function a.ac(b,e)local c=g(f(b))if c==0 or h(c,e)then
return
end
d(f(b),0)b:set_right_status""a.j(b,C"update-status")end
end
do
local f,g
function a.Q(d,f,g)local c=b.I
if not c then
return
end
a.j(d,e.action.InputSelector{title="ascalon",description=f,choices=g,action=c})end
function f(a)if a=="proxy"then
return e.mux.get_domain(b.b.proxyDomain)~=nil
end
return#b.m>0
end
function g(d)local b={}local a=""for d,c in c(m(d," "))do
if a~=""and#a+1+#c>74 then
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
function a.l(e,b)r(e,b.d)local d={{label="Close",id=""}}for b,a in c(b.E)do
if f(a)then
d[#d+1]={label=a=="proxy"and"Attach over ssh instead"or"Run ascalon "..a,id=a}end
end
local function h(a)for b,a in c(g(a))do
d[#d+1]={label=a,id=""}end
end
if#b.d>74 then
h(b.d)end
for b,a in c(b.u)do
h(a)end
a.Q(e,b.d,d)end
function P(c,d)local e=b.B
local f=e.enable_tab_bar==false or e.hide_tab_bar_if_only_one_tab and#c:mux_window():tabs()==1
if f then
a.l(c,d)else
r(c,d.d)end
end
function a.av(c)b.I=a.Y("ascalon.chosen",function(b,d,e,a)if a and a~=""then
c(b,d,e,a)end
end)end
function a.am()if b.b.docsUrl~=""then
e.open_with(b.b.docsUrl)end
end
end
function a.e(a)local b=a-g"seen"if b<0 or b>10 then
d("busy",g"busy"+b)end
d("seen",a)return g"busy">a
end
function a.p(a,c)local b=g"ticket"+1
d("ticket",b)d("busy",a+c)d("seen",a)return b
end
function a.B(a)return g"ticket"==a
end
function a.y(b)if a.B(b)then
d("busy",0)end
end
function a.d(b,c)local d=a.p(i(),b)local e,f=j(c)a.y(d)return e,f
end
do
local d
function O(a)local c=a.mux.get_domain(b.b.proxyDomain)return N(c)and c or a.mux.get_domain(b.b.domain)end
function d()local a=os.getenv"WEZTERM_UNIX_SOCKET"or""local b=x(a,"gui-sock-")if b<0 then
return
end
return tonumber(y(a,b+9))end
function F(e,f,g)local c=O(e)return a.aa{w=i(),status=f,domain=not c and"unregistered"or(N(c)and"attached"or"detached"),L=c and c:has_any_panes(),s=a.e(i()),A=g,J=#b.m>0,K=d()}end
N=function(a)return(a and a:state())=="Attached"end
end
function a.b(a)local b,c=j(function()return a:get_domain_name()end)return b and c or nil
end
function M(b,d)local c=b and a.b(b)return c~=nil and d(c)end
function a.c(a,b)for d,c in c(a)do
local a=c:active_pane()if M(a,b)then
return a
end
end
for d,a in c(a)do
for d,a in c(a:tabs())do
for c,a in c(a:panes())do
if M(a,b)then
return a
end
end
end
end
end
do
local b,l
L={k=0,g=0,h=0,f=0,e=0}function a.aB(c,h)local d=h.w
local f=a.ad(h.status,d)local i=c
local j=i.k
local e=i.g
local k=i.h
local g=i.f
if h.H then
return b(l(not f and e or f.since))end
if j==0 or h.s then
return b(c)end
if e==0 then
return b(L)end
if k==0 then
return b{k=j,g=e,h=d,f=g,e=0}end
if not f then
return b(c)end
if f.state~="up"then
return b{k=j,g=e,h=k,f=g,e=c.e==0 and d or c.e}end
if f.since<=e then
return b(d-k>20 and L or c)end
if d<c.e and c.e-d<=32 then
return b(c)end
if g>=5 then
return b(L)end
local m=d+(2<<g)return{attach=true,i={k=j,g=e,h=k,f=g+1,e=m}}end
b=function(a)return{i=a,attach=false}end
l=function(a)return{k=1,g=a,h=0,f=0,e=0}end
end
function a.ar()return{k=g"wanted",g=g"link_since",h=g"lost_at",f=g"attempts",e=g"next_at"}end
function a.M(a)d("wanted",a.k)d("link_since",a.g)d("lost_at",a.h)d("attempts",a.f)d("next_at",a.e)end
function a.z()a.M(L)d("wish",0)end
do
function a.G(b)local a={}for c,b in c(m(b,"/"))do
if b==".."then
table.remove(a)elseif b~=""and b~="."then
a[#a+1]=b
end
end
return"/"..J(a,"/")end
local function d(b,a)if b=="/"then
return a=="/"and""or a
end
if a==b then
return""end
local c=b.."/"return y(a,0,#c)==c and y(a,#b)or nil
end
local function e(e,f,b)local a
for g,c in c(f)do
local f=a==nil or#c[b]>#a[b]if f and d(c[b],e)~=nil then
a=c
end
end
return a
end
local function b(k,f,g,b)local h=a.G(k)local c=e(h,f,g)if not c then
return
end
local i=a.G(c[b]..(d(c[g],h)or""))local j=e(i,f,b)return j and j[b]==c[b]and i or nil
end
function a.aD(a,c)return b(a,c,"host","guest")end
function a.aE(a,c)return b(a,c,"guest","host")end
end
do
local c,f,d
function c(g,h)local d=a.b(g)if not b.c.same_place or not d then
return
end
local c=A(d)if not c and d~="local"then
return
end
local e=f(g,c)if not e or c==h then
return e
end
local i=c and a.aE or a.aD
return i(e,b.b.mounts)end
function f(b,c)local e,a=j(function()return b:get_current_working_dir()end)if not e or not a then
return
end
return(c or d(a.host or""))and a.file_path or nil
end
function d(a)return a==""or a=="localhost"or a==string.lower(e.hostname())end
function a.i(b,d,a)b:mux_window():spawn_tab{domain={DomainName=a},cwd=c(d,A(a))}end
a.ak=function(d,b,c)return a.i(b,c,"local")end
end
do
local b,c,d,e,g,i
function b(d)local b=h(d)local c=f(b.name)if not c then
return
end
return{name=c,state=B(b.state,a.ai,"off"),reason=f(b.reason),since=n(b.since)or 0,}end
function c(d)local a=h(d)local b=n(a.pid)local c=n(a.codec)if not b or not c then
return
end
return{pid=b,codec=c,version=f(a.version)or"of unknown version"}end
function a.aq(o)local a=h(o)local j=n(a.schema)local l=n(a.writtenAt)local m=n(a.nextWriteBy)if not j or not l or not m then
return
end
return{schema=j,writtenAt=l,nextWriteBy=m,ascalon=f(a.ascalon)or"",vm=d(h(a.vm)),links=t(a.links,b),mux=e(h(a.mux)),gui=t(a.gui,c),codec=g(h(a.codec)),generation=n(a.generation),pendingPlan=k(a.pendingPlan)=="table"and i(h(a.pendingPlan))or nil}end
d=function(b)return{state=B(b.state,a.aF,"unknown"),since=n(b.since)or 0,reason=f(b.reason)}end
e=function(a)return{socketPath=f(a.socketPath)or"",codec=n(a.codec),version=f(a.version),exe=f(a.exe),hijacked=a.hijacked==true}end
g=function(a)return{verdict=B(a.verdict,{"equal","different","unknown"},"unknown"),sentence=f(a.sentence),fix=f(a.fix)}end
i=function(a)return{restart=n(a.restart)or 0,rebuild=n(a.rebuild)or 0,recreate=n(a.recreate)or 0}end
end
do
function a.S(b)return a.aq(U(b))end
local c={}function z()local d=a.K(b.b.statusPath)if d==c.o then
return c.status
end
c.o=d
c.status=a.S(d or"")return c.status
end
end
do
local f
function f(c,d,e)local b=c.mux.get_pane(e)if b:get_foreground_process_name()==nil then
return false
end
a.R(d,b)return true
end
function a.C(a)return not A(a)and a~="TermWizTerminalDomain"end
function a.A(b)return a.c(b.mux.all_windows(),a.C)~=nil
end
local function h(a)return"printf '\\n[ended with %s; Enter "..a.."] ' \"$?\"; read -r _"end
local k='"$@"; '..h"closes this tab"local l='until "$@"; do '..h"tries again".." || exit; done; sleep 1"function a.t(d)local a={}for c,b in c(b.m)do
a[#a+1]=b
end
for c,b in c(d)do
a[#a+1]=b
end
return a
end
local function i(d,e)local b={"/bin/sh","-c",d,"sh"}for c,a in c(a.t(e))do
b[#b+1]=a
end
return b
end
local function e(a,b)return a:spawn_tab{domain={DomainName="local"},args=b}end
function a.O(a,b)e(a:mux_window(),i(k,b))end
function a.P(b,a)local c,h=j(function()return f(b,a,g"up_pane"-1)end)if c and h then
return false
end
local m,k=e(a:mux_window(),i(l,{"up","--attach"}))d("up_pane",k:pane_id()+1)return true
end
function a.D(d,b)if a.A(d)then
return
end
local c=b:active_tab()e(b)if c~=nil then
c:activate()end
end
function a.N(d,e)local b,c,f,g=j(d.run_child_process,a.t(e))return b and{z=c,y=f,x=g}or{z=b,y="",x=E(c)}end
end
do
local n,p,c,e,k,l,m
local q=a.p
function a.k(b,d,e,f)a.g()local g=F(b,z())if g.a=="ask"then
n(d,e,f)else
c(b,d,e,f,g)end
end
function n(f,g,h)q(i(),2)v("ask",function(b)local e=q(i(),20)local d=a.N(b,{"attach","--json"})if not a.B(e)then
return
end
a.y(e)local j=a.S(d.z and d.y or"")c(b,f,g,h,p(d.x)or F(b,j,true))end)end
function p(d)local b=h(h(U(d)).error)local c=f(b.what)local a
if not c then
a=nil
else
a=o(c,t(b.details,f),{"doctor"})end
return a
end
function c(f,d,g,i,c)if c.a=="attach"then
a.a(f,d,g,b.b.domain,i)elseif c.a=="focus"or c.a=="spawn"then
local j=O(f)local k=j and j:name()or b.b.domain
local m=c
local h=m.doubt
if c.a=="focus"and i=="show"then
l(f,d)if k==b.b.domain and h then
if h.a=="explain"or h.a=="wait"then
P(d,h)end
end
else
local b,c=a.d(10,function()return a.i(d,g,k)end)if not b then
e(f,d,g,a.w(E(c)))end
end
elseif c.a=="start"then
k(f,d,c.d)elseif c.a=="wait"then
m(d)P(d,c)elseif c.a=="explain"then
e(f,d,g,c)else
P(d,o("ascalon is at it already.",{},{}))end
end
function e(e,b,f,c,g)if g then
r(b,c.d)else
d("failed_at",i())d("failed_in",b:window_id())a.l(b,c)end
G(e,"ascalon.attach.failed",b,f,{message=c.d})end
function k(d,b,e)m(b)local c=e
local f,g=a.d(10,function()if not a.P(d,b)then
c="ascalon up has its tab already: here it is."end
end)r(b,f and c or"ascalon could not be started: "..E(g))end
function a.a(c,b,f,g,h,o)local k=c.mux.get_domain(g)if not k or a.e(i())then
return
end
d("wish",0)d("window",b:window_id())local m=b:mux_window():active_tab()local n,p=a.d(90,function()G(c,"ascalon.attach.start",b,f,{domain=g})k:attach(b:mux_window())d("wanted",1)d("failed_at",0)d("up_pane",0)if h=="tab"or not k:has_any_panes()then
a.i(b,f,g)end
end)if not n or h=="stay"then
j(function()return M(b:mux_window():active_pane(),a.C)or m and m:activate()end)end
if not n then
e(c,b,f,a.w(E(p)),o)return
end
if h=="show"then
l(c,b)end
G(c,"ascalon.attach.finished",b,f,{domain=g})end
function l(d,b)local c=a.c({b:mux_window()},A)or a.c(d.mux.all_windows(),A)if c then
a.R(b,c)end
end
function m(a)d("wish",i()+30)d("window",a:window_id())end
function a.J(d,b,e,f)local c=i()-g"failed_at"if c>=0 and c<2 and g"failed_in"==b:window_id()then
return
end
a.k(d,b,e,f)end
function a.o(d,f,g,h)local c=F(d,z())if c.a=="attach"then
a.a(d,f,g,b.b.domain,h,true)elseif c.a=="start"then
k(d,f,c.d)elseif c.a=="explain"then
a.z()e(d,f,g,c,true)end
end
function a.ae(c,i,j,m)local f=g"wish"if f==0 then
return
end
local b=F(c,z())local k=f-m
local l=k>0 and k<=30
if b.a=="attach"or l and b.a=="start"and g"up_pane"==0 then
v("wish",function(b)return a.o(b,i,j,"show")end)end
if l then
return
end
d("wish",(b.a=="wait"or b.a=="attach")and 1 or 0)local h=F(c,z(),true)if f>1 and(h.a=="wait"or h.a=="explain")then
e(c,i,j,h,true)end
end
end
do
local e,d
function e(g,b,f)local c="ascalon "..J(f," ")r(b,c.." …")local e=a.N(g,f)if e.z then
r(b,c..": "..(d(e.y,1)[1]or"done"))return
end
local h=d(e.x,5)a.l(b,o(c.." failed.",h,{"doctor"}))end
function d(b,d)local a={}for c,b in c(m(b,"\n"))do
if b~=""then
a[#a+1]=b
end
if#a>d then
table.remove(a,1)end
end
return a
end
function a.ax(c,d)a.g()if#b.m==0 then
r(c,a.s)elseif d.runs=="tab"then
a.O(c,d.argv)else
v("run",function(a)return e(a,c,d.argv)end)end
end
function a.ay(e,c,f,d)if d=="up"then
a.P(e,c)elseif d=="proxy"then
a.a(e,c,f,b.b.proxyDomain,"show")else
a.O(c,{d})end
end
end
function a.ab(c,b)local d=O(c)if N(d)then
a.D(c,b:mux_window())local e,f=j(function()return d:detach()end)if not e then
r(b,"WezTerm could not detach the VM: "..E(f))end
else
P(b,o("The VM is not attached.",{},{}))end
a.z()end
do
local h,i,e,b,c,d,f
function h(c)if#c>a.h.open then
return d
end
if not D(c,"https://")and not D(c,"http://")then
return b"not a web address"end
local function g(a)return a>32 and a<127 and a~=34 and a~=39 and a~=92 and a~=96
end
return e(c,g)and{a="open",r=c}or f
end
function i(c)if c==""then
return b"empty"end
if#c>a.h.notify then
return d
end
local function g(a,b)return a>=32 and a~=127 and(b~=194 or a<128 or a>=160)end
return e(c,g)and{a="notify",r=c}or f
end
function e(b,e)local c=0
do
local a=0
while a<#b do
local d=K(b,a)if not e(d,c)then
return false
end
c=d
a=a+1
end
end
return true
end
a.h={open=2048,notify=300,attach=64}function a.ag(e,b,f,g)if e=="ascalon.open"and g.open then
return f=="vm"and h(b)or c
end
if e=="ascalon.notify"and g.notify then
return f=="vm"and i(b)or c
end
if e=="ascalon.attach"and g.attach then
if f~="local"then
return c
end
return#b>a.h.attach and d or{a="attach",r=b}end
return{a="ignore"}end
b=function(a)return{a="refuse",reason=a}end
c=b"not from that pane"d=b"too long"f=b"a bad character"function a.aC(a,b,c,d)if b-a.l>=d or b<a.l then
return{G=true,i={l=b,n=1}}end
return{G=a.n<c,i={l=a.l,n=a.n+1}}end
end
do
local c,h,f
function c(j,d,g,i,k)local c=a.ag(i,k,h(g),b.c.messages)if c.a=="ignore"then
return
end
if c.a=="refuse"then
if f(c.a)then
p(i.." refused: "..c.reason)end
return
end
if not f(c.a)then
return
end
if c.a=="open"then
e.open_with(c.r)elseif c.a=="notify"then
r(d,"VM: "..c.r)else
a.k(j,d,g,"show")end
end
function h(c)local b=a.b(c)if b=="local"then
return"local"end
return b and A(b)and"vm"or"other"end
function f(b)local e={l=g(b.."_window"),n=g(b.."_count")}local c=a.aC(e,i(),5,10)d(b.."_window",c.i.l)d(b.."_count",c.i.n)return c.G
end
function a.au()q("user-var-changed",c)end
end
do
local g,i,h,f,d
function a.H()local a={}for d,b in c(H)do
local c=h[b]if g(b)then
a[#a+1]={brief="ascalon: "..c[1],icon=c[2],action=C(s[b])}end
end
for d,b in c(b.b.palette)do
local c="ascalon: "..b.brief
a[#a+1]={brief=c,doc=b.doc,icon=b.icon,action=C(V(b.id))}end
return a
end
function g(a)return a~="menu"and(a~="docs"or b.b.docsUrl~="")end
function i(e,g)local b=a.H()for i,d in c(d.C)do
local h,a=j(d,e,g)if not h then
T("another "..f.." handler",a)elseif k(a)=="table"then
for c,a in c(a)do
b[#b+1]=a
end
end
end
return b
end
h={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.az(f,e)local d={}for b,a in c(H)do
if g(a)then
d[#d+1]={label=h[a][1],id=s[a]}end
end
for b,a in c(b.b.palette)do
d[#d+1]={label=a.brief,id=V(a.id)}end
a.Q(e,"ascalon",d)end
f="augment-command-palette"d={D=false,C={}}function a.q()if d.D then
return
end
d.D=true
local a=e.on
a(f,i)e.on=function(b,c)if b==f then
local a=d.C
a[#a+1]=c
else
a(b,c)end
end
end
end
function a.n(b)local a=Q(math.max(b,0))if a<60 then
return l(a).." s"end
if a<3600 then
return l(Q(a/60)).." min"end
if a<172800 then
return l(Q(a/3600)).." h"end
return l(Q(a/86400)).." d"end
do
local e,f,g
function e(c,e)local b=c.vm.state
local d=c.vm.reason
if b=="starting"or b=="stopping"then
return b.." "..a.n(e-c.vm.since)end
return(not d or d=="")and b or b.." ("..d..")"end
function f(d)local b={}for c,a in c(d.links)do
if a.state=="broken"or a.state=="healing"then
b[#b+1]=a.name.." "..a.state
end
end
if d.mux.hijacked then
b[#b+1]="mux hijacked"end
if d.codec.verdict=="different"then
local c=a.f(d,"mux")if(c and c.state)=="up"then
b[#b+1]="WezTerm versions differ"end
end
local e=g(d.pendingPlan)if e~=""then
b[#b+1]=e
end
return b
end
function g(a)if not a then
return""end
if a.recreate>0 then
return"recreate pending"end
if a.restart>0 then
return"restart pending"end
return a.rebuild>0 and"rebuild pending"or""end
function a.aA(b,g,d)if not b then
return d.p and"ascalon: unknown"or""end
local h=a.m(b,g)if h>0 then
return"ascalon: no news for "..a.n(h)end
if b.vm.state=="absent"then
return d.p and"ascalon: no VM"or""end
local c=b.vm.state=="running"and f(b)or{e(b,g)}if#c==0 and not d.p then
return""end
if d.p and b.generation then
c[#c+1]="generation "..l(b.generation)end
return#c==0 and"ascalon: up"or"ascalon: "..J(c,", ")end
end
do
local b={at=0,j=0}local c="ascalon.clock"function a.as()q(c,function()b.j=0
end)end
function a.E(e)local c=i()-b.at
if c>=0 and c<5 then
return
end
b.at=i()b.j=0
local a=g"clock"+1
d("clock",a)v("clock",function(c)while g"clock"==a and b.j<60 do
b.at=i()b.j=b.j+1
w("tick",e)c.sleep_ms(1000)end
if g"clock"==a then
b.at=0
end
end)end
function a.X(a,d)if b.j>=10 then
a:perform_action(C(c),d)end
end
a.af=function()return b.j<=10 end
end
do
local f,h,j,k,l
function f(f)local j=i()local k=f.gui.gui_windows()local d=k[1]for e,c in c(k)do
if b.c.status==false then
a.ac(c,j)end
if c:window_id()==g"window"then
d=c
end
end
local e=d and d:mux_window():active_pane()if not d or not e then
return
end
if a.af()then
h(f,d,e,z(),j)end
a.X(d,e)end
function h(h,c,e,m,f)local i=N(O(h))if i then
d("front",M(e,A)and f or 0)end
k(h,c,e,m,f,i)local n=f-g"local_at"if i and b.c.keep_local_tab and(n<0 or n>=5)then
d("local_at",f)if not a.A(h)then
v("keep-local-tab",function(b)return a.D(b,c:mux_window())end)end
end
if g"started"==0 then
if not j()then
d("started",1)else
v("startup",function(b)d("started",1)a.k(b,c,e,"show")end)end
end
l(c,e,m)end
function j()return(b.c.attach or b.b.attach)=="startup"end
function k(l,d,h,e,c,i)local j=a.ar()local k=a.e(c)local f=a.aB(j,{w=c,H=i,s=k,status=e})a.M(f.i)if j.e==0 and f.i.e>0 and(e and e.vm.state)=="running"then
r(d,"The connection to the VM was lost.")end
if not i and not k then
a.ae(l,d,h,c)end
if not f.attach or not b.c.reattach then
return
end
local m=c-g"front"<30 and"show"or"stay"v("reattach",function(b)return a.o(b,d,h,m)end)end
function l(d,f,c)if not c then
return
end
local a=e.GLOBAL.ascalon_vm
local b=c.vm.state
e.GLOBAL.ascalon_vm=b
if a and a~=b then
v("ascalon.vm.changed",function(c)return G(c,"ascalon.vm.changed",d,f,{from=a,to=b})end)end
end
function a.T(f,d)local e=a.al(d)if e~=""then
return e
end
local c=a.aA(f,d,{p=b.c.status=="always"})if not b.v then
return c
end
return c==""and"ascalon: versions differ"or c..", versions differ"end
function a.aw()a.as()q("window-config-reloaded",function()return a.E(f)end)q("update-status",function(d,c)a.E(f)if b.c.status==false then
a.ah(c)else
c:set_right_status(a.T(z(),i()))end
end)end
end
do
local d,e
function d(a)local b=_G.package.loaded
local c=b[a]==nil
b[a]=true
return c
end
function e()for e,b in c(b.b.palette)do
local c=V(b.id)if d(c)then
q(c,function(d,c)return a.ax(c,b)end)end
end
end
function a.at()if b.c.palette and d"ascalon.palette"then
a.q()end
if not d"ascalon.handlers"then
return
end
q(s.attach,function(b,c,d)return a.J(b,c,d,"show")end)q(s.new_tab,function(b,c,d)return a.J(b,c,d,"tab")end)q(s.detach,a.ab)q(s.new_local_tab,a.ak)q(s.menu,a.az)q(s.docs,a.am)e()b.F=e
a.av(function(d,c,e,b)if D(b,"ascalon.")then
a.j(c,C(b))else
a.ay(d,c,e,b)end
end)a.au()a.aw()end
end
do
local e
function e(b)if#b~=1 then
return false
end
local a=string.byte(b,1)or 0/0
return a>=65 and a<=90 or a>=97 and a<=122
end
function a.I(a)local b=x(a,"+")if b<0 or b==#a-1 then
return
end
return{mods=y(a,0,b),key=y(a,b+1)}end
local f={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.r(g,h)local b={}for d,c in c(m(J(m(string.upper(h)," "),""),"|"))do
local a=f[c]if a then
b[a]=true
end
end
local a=g
for c,b in c{"phys:","mapped:","raw:"}do
if D(a,b)then
a=y(a,#b)end
end
if e(a)then
if b.SHIFT==true then
a=string.upper(a)end
b.SHIFT=false
end
local d=""for c,a in c{"ALT","CTRL","LEADER","SHIFT","SUPER"}do
if b[a]==true then
d=d..a.."|"end
end
return d..a
end
end
do
local d,i,l,g
function d(e,c)if c==nil or c==true then
if e=="attach"then
return a.I(b.b.key)end
elseif c~=false then
local a=i(c)if a then
return a
end
p("keys."..e..' is false, "CMD|SHIFT+A" or { key = …, mods = … }')return d(e,nil)end
end
function i(b)if k(b)=="string"then
return a.I(b)end
local c=h(b)local d=f(c.key)if not d then
return
end
return{key=d,mods=f(c.mods)or""}end
function l(b,d)for c,b in c(b)do
if k(b.key)=="string"and a.r(b.key,b.mods or"")==d then
return true
end
end
return false
end
function a.U()local e=h(b.c.keys)S(e,H,"keys.")local a={}for f,b in c(H)do
local c=d(b,e[b])if c then
a[#a+1]={key=c.key,mods=c.mods,action=C(s[b])}end
end
return a
end
function a.W(f)if b.c.keys==false then
return
end
local h=f.keys or{}local d={}for k,b in c(a.U())do
local c=a.r(b.key,b.mods or"")local f,i=j(function()e.config_builder().keys={b}end)if not f then
p(E(i))elseif not l(h,c)then
d[#d+1]=b
elseif not g[c]then
p(c.." is bound already; left as it is")end
g[c]=true
end
for b,a in c(h)do
d[#d+1]=a
end
f.keys=d
end
g={}end
local u={}u.version="0.1.0"u.contract_version=I
u.action={}for b,a in c(H)do
u.action[a]=C(s[a])end
function u.apply_to_config(c,d)if not e.gui then
return c
end
b.B=c or{}w("options",function()b.c=a.L(d)end)w("plugin.json",a.F)w("domains",function()return a.V(c)end)w("keys",function()return a.W(c)end)w("events",a.at)return c
end
function u.keys()w("plugin.json",a.g)return a.U()end
u.palette_entries=a.H
u.chain_palette=a.q
function u.status_text(d)local b,c=j(function()return a.T(z(),i())end)return b and c or""end
return u
