-- ascalon 0.1.0, contract 1: generated from src/wezterm and src/shared, do not edit.
local m,c,h,i,j,J,N,R=pcall,ipairs,tostring,type,os.time,table.concat,math.floor,string.sub
local f=require"wezterm"local function y(a,b,c)return R(a,b+1,c)end
local function S(a)return i(a)=="table"and(a[1]~=nil or next(a)==nil)end
local function D(a,b)return string.byte(a,b+1)end
local function B(b,a)return R(b,1,#a)==a end
local O,P,Q,K,L,M,E,F,G,H,I,C,z,A,v,w,x,r,s,t,o,p,q,n,l,k,g,e,d,b,a
a={}I=1
Q={plugin="wezterm/plugin.json",bundle="wezterm/ascalon.lua",status="status.json",socket="sock/mux.sock"}a.ae="ascalon"a.as="ascalon-proxy"t={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}H={"attach","detach","new_tab","new_local_tab","menu","docs"}P=function(a)return"ascalon.cli."..a end
C=function(a)return f.action.EmitEvent(a)end
function k(a)return i(a)=="table"and a~=nil and a or{}end
function e(a)return i(a)=="string"and a or nil
end
function l(a)return i(a)=="number"and N(a)or nil
end
function s(b,d)local a={}if not S(b)then
return a
end
for e,c in c(b)do
local b=d(c)if b~=nil then
a[#a+1]=b
end
end
return a
end
function A(b,a,d)for c,a in c(a)do
if a==b then
return a
end
end
return d
end
a.ar="up;Start the VM;md_play;tab\nshell;Shell in the VM;md_console;tab\nstatus;Show the VM's status;md_information;tab\nstop;Stop the VM;md_stop;silent\nrestart;Restart the VM;md_restart;tab\nrebuild;Rebuild the guest;md_hammer_wrench;tab\nheal;Repair the links;md_bandage;silent\ndoctor;Look for what is wrong (doctor);md_stethoscope;tab\nlogs;Show the logs;md_text_box_search;tab\nagent logs;Show the agent's log;md_text_box;tab\nconfig edit;Edit the settings;md_cog;tab"function x(a,b)return(string.find(a,b,nil,true)or 0)-1
end
function n(c,d)local b={}local a=c
do
local c=x(a,d)while c>=0 do
b[#b+1]=y(a,0,c)a=y(a,c+#d)c=x(a,d)end
end
b[#b+1]=a
return b
end
do
local b,f,c
function b(b)local d,e,f,g=table.unpack(n(b,";"),1,4)local a=n(d," ")return c{id=J(a,"-"),brief=e,icon=f,argv=a,runs=g}end
function f(d)local a=k(d)local b=e(a.host)local c=e(a.guest)if not b or not c then
return
end
return{host=b,guest=c}end
function c(d)local a=k(d)local b=e(a.id)local c=e(a.brief)if not b or not c then
return
end
return{id=b,brief=c,doc=e(a.doc)or"",icon=e(a.icon)or"md_server",argv=s(a.argv,e),runs=A(a.runs,{"tab","silent"},"tab")}end
function a.v(b,c)return{contract=I,ascalon="",cli={},statusPath=b.."/"..Q.status,domain=a.ae,socketPath=b.."/"..Q.socket,proxyDomain=a.as,proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette=c,docsUrl=""}end
function a.at(g,d)local b=k(g)local a={}for c in pairs(d)do
local f=e(d[c])if f then
a[c]=e(b[c])or f
end
end
a.contract=l(b.contract)or 0
a.cli=s(b.cli,e)a.proxyCommand=s(b.proxyCommand,e)a.attach=A(b.attach,{"key","startup"},d.attach)a.mounts=s(b.mounts,f)a.palette=s(b.palette,c)return a
end
function a.ab(a,c)if a==I then
return
end
local b="The plugin speaks contract "..h(I)..", ascalon "..c.." contract "..h(a)return a<I and b..": upgrade ascalon."or b..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
a.aq=function()return s(n(a.ar,"\n"),b)end
end
function a.M(b)local a=io.open(b,"r")if not a then
return
end
local c=a:read(65536)a:close()return c
end
function a.J(a)local b,c=m(f.json_parse,a)if b then
return c
end
end
function q(a)f.log_warn("ascalon: "..a)end
function O(b,c)local a=h(c)if x(a,"not found")>=0 or x(a,"not valid")>=0 then
q(a)else
f.log_error("ascalon: "..b..": "..a)end
end
do
local b
function b(c,d)local e=math.min(#c,#d)local a=0
while a<e and D(c,a)==D(d,a)do
a=a+1
end
local b=0
while a+b<e and D(c,#c-1-b)==D(d,#d-1-b)do
b=b+1
end
return a+b
end
function a.am(d,a)for e,a in c(a)do
local c=math.max(#d,#a)if c-b(d,a)<=2 and c>3 then
return a
end
end
end
end
do
local j,l,d,g
function j()local a=B(f.version,"0-")or B(f.executable_dir,"/nix/store")return not a or x(f.target_triple,"darwin")<0
end
function l(e)local b=k(e)a.m(b,{"attach","notify","open"},"messages.")local c=e~=false
return{open=d(b,"open",c),notify=d(b,"notify",c),attach=d(b,"attach",c)}end
function d(b,c,d)local a=b[c]g(b,c,i(a)=="boolean","true or false")if i(a)=="boolean"then
return a
end
return d
end
function g(b,a,c,d)if b[a]~=nil and not c then
q(a.." is "..d)end
end
function a.m(b,c,d)for b in pairs(b)do
if A(b,c,"")==""then
local e=a.am(b,c)q("unknown option "..d..b..(not e and""or"; did you mean "..d..e.."?"))end
end
end
local n={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.N(f)if f~=nil and i(f)~="table"then
q"the options must be a table"end
local b=k(f)a.m(b,n,"")local h=A(b.attach,{"key","startup"},"")local m=i(b.cli)=="string"and{b.cli}or s(b.cli,e)g(b,"attach",h~="",'"key" or "startup"')g(b,"cli",#m>0,"a path or a list of words")g(b,"plugin_json",i(b.plugin_json)=="string","a path")for c,a in c{"keys","messages"}do
g(b,a,b[a]==false or i(b[a])=="table","false or a table")end
return{plugin_json=e(b.plugin_json),cli=m,keys=b.keys~=false and k(b.keys),attach=h~=""and h or nil,palette=d(b,"palette",false),status=b.status=="always"and"always"or d(b,"status",false),notifications=d(b,"notifications",j()),reattach=d(b,"reattach",true),keep_local_tab=d(b,"keep_local_tab",true),same_place=d(b,"same_place",true),messages=l(b.messages)}end
end
function a.l()local a=os.getenv"XDG_STATE_HOME"local b=a
return(b and B(a,"/")and a or f.home_dir.."/.local/state").."/ascalon"end
b={c=a.N(nil),b=a.v(a.l(),{}),m={},v=false,}function G(a)return a==b.b.domain or a==b.b.proxyDomain
end
function a.E()local c=b.c
local d=c.plugin_json or a.l().."/"..Q.plugin
f.add_to_config_reload_watch_list(d)local g=a.v(a.l(),#c.cli>0 and a.aq()or{})local h=a.M(d)local e=a.J(h or"")if h and i(e)~="table"then
q(d.." is damaged")end
b.v=i(e)=="table"b.b=b.v and a.at(e,g)or g
b.m=#c.cli>0 and c.cli or b.b.cli
b.w=a.ab(b.b.contract,b.b.ascalon)if b.w then
q(b.w)end
end
function a.g()if b.v then
return
end
a.E()local c=b.L
if c~=nil then
c()end
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
for e,c in c(f[b]or{})do
if c.name==a.name then
d(b,a.name)return
end
end
end
b[#b+1]=a
end
e={"ssh_domains","exec_domains","wsl_domains","tls_clients"}function a.X(e)local a=b.b
local d={}for b,a in c(e.unix_domains or{{name="unix"}})do
d[#d+1]=a
end
f(e,d,{name=a.domain,socket_path=a.socketPath,no_serve_automatically=true})if#a.proxyCommand>0 then
f(e,d,{name=a.proxyDomain,proxy_command=a.proxyCommand,no_serve_automatically=true})end
e.unix_domains=d
end
d=function(a,b)return q(a.." already has "..b.."; it is left as it is")end
end
do
local c,b
function w(a,c)local d,e=m(c,b)if not d then
O(a,e)end
end
function c(a,f)return function(c,d,g,i)local j,e=m(f,b,c,d,g,i)if j then
return
end
O(a,e)F(b,"ascalon.error",c,d,{event=a,message=h(e)})end
end
function F(b,a,c,d,e)local f,g=m(b.emit,a,c,d,e)if not f then
q("a handler of "..a..": "..h(g))end
end
b=f
function p(a,b)f.on(a,c(a,b))end
function a.aa(a,b)return f.action_callback(c(a,b))end
function v(b,c)local a=true
f.time.call_after(0.01,function()if a then
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
return{verdict="different",sentence="WezTerm here is "..a.version.." (codec "..h(a.codec)..") and the VM's is "..b.version.." (codec "..h(b.codec).."); WezTerm attaches only to its own codec.",fix=c(a.codec,b.codec)}end
end
function a.f(a,b)for c,a in c(a.links)do
if a.name==b then
return a
end
end
end
a.aJ={"absent","stopped","starting","running","stopping","broken","unknown"}a.al={"off","waiting","up","broken","healing"}function a.k(a,b)if b>a.nextWriteBy then
return b-a.nextWriteBy
end
if a.writtenAt>b+60 then
return a.writtenAt-b
end
return 0
end
function a.ah(b,c)if not b or a.k(b,c)>0 then
return
end
return a.f(b,"mux")end
do
local f,g,b,h,i,j,d,e,k
function f(a)if not a.A then
return e
end
if not a.z then
return{a="ask"}end
return o("ascalon gives no answer about the VM.",{"ascalon doctor tells what is wrong."},{"doctor"})end
function g(c,f)local a=c.vm
local e=k[a.state]if e then
return{a="start",e=e}end
if a.state=="broken"then
return o("The VM is broken"..d(a.reason)..".",{"ascalon up repairs it."},{"up","doctor"})end
return b(c,f)end
function b(c,e)if c.mux.hijacked then
return o("Another WezTerm server has taken the VM's socket.",{(c.mux.exe or"It").." answers at "..c.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local b=a.f(c,"mux")if not b or b.state=="off"then
return{a="start",e="The VM runs without a link to WezTerm: making it."}end
if b.state=="waiting"or b.state=="healing"then
return{a="wait",e="The link to the VM is being made"..d(b.reason)..".",D={"The VM is attached as soon as it is."},E={"doctor","heal"}}end
if b.state=="broken"then
return o("The link to the VM is broken"..d(b.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return h(c,e)end
function h(b,c)local d=not c and b.codec or a.u(i(b,c),j(b))return d.verdict=="different"and a.w(d)or{a="attach"}end
function i(a,b)for c,a in c(a.gui)do
if a.pid==b then
return a
end
end
end
function j(b)local a=b.mux
if not a.codec then
return
end
return{codec=a.codec,version=a.version or"of unknown version"}end
function d(a)return(not a or a=="")and""or": "..a
end
o=function(a,b,c)return{a="explain",e=a,D=b,E=c}end
a.s="The plugin does not know where ascalon is."function a.ac(b)if b.t then
return{a="busy"}end
if b.domain=="unregistered"then
return o("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
if b.domain=="attached"then
return{a=b.K and"focus"or"spawn"}end
local c=b.status
if not c or a.k(c,b.x)>0 and not b.z then
return f(b)end
local d=g(c,b.J)return d.a=="start"and not b.A and e or d
end
e=o(a.s,{"Run this once in a terminal, then press again: ascalon wezterm install"},{})k={absent="There is no VM yet: making it.",stopped="The VM is stopped: starting it.",starting="The VM is starting: waiting for it.",stopping="The VM is stopping: starting it again."}a.w=function(a)return o("WezTerm here and in the VM speak different versions.",{a.sentence or"",a.fix or""},{"rebuild","doctor"})end
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
function d(a,b)if not a or not b then
return
end
local d=n(J(n(a,"\n")," ")," ")return{codec=e(c(b,")")),version=d[#d]or""}end
function e(c)local b=0
do
local a=0
while a<#c do
b=b*10+D(c,a)-48
a=a+1
end
end
return b
end
function a.ag(h)local e=c(h,"\nstack traceback:")local b=n(e," (codec version ")local g=a.u(d(b[2],b[3]),d(b[1],b[2]))if g.verdict=="different"then
return a.w(g)end
return o(f(e),{R(c(e,"\n"),1,200)},{"doctor","heal"})end
b=function(a,b)return x(a,b)>=0 end
c=function(a,b)return n(a,b)[1]or""end
end
function g(a)return f.GLOBAL["ascalon_"..a]or 0
end
function d(a,b)f.GLOBAL["ascalon_"..a]=b
end
do
local e
function e(b,c)local a=b-c
return a>0 and a<=10
end
local c={r="",u=0}function r(e,a)f.log_info("ascalon: "..a)c.r=a
c.u=j()+10
d("notice_"..h(e:window_id()),c.u)e:set_right_status(a)if b.c.notifications then
m(function()return e:toast_notification("ascalon",a,nil,5000)end)end
end
a.ao=function(a)return e(c.u,a)and c.r or""end
function a.af(a,f)local b="notice_"..h(a:window_id())local c=g(b)if c==0 or e(c,f)then
return
end
d(b,0)a:set_right_status""end
end
function a.K(a,c)local b=a:mux_window():active_pane()if b then
a:perform_action(c,b)end
end
function a.T(c,b)local d=b:tab()if d~=nil then
d:activate()end
local a=b:window()if not a or a:window_id()==c:window_id()then
return
end
local g,e=m(function()return a:gui_window()end)if g and e then
e:focus()else
c:perform_action(f.action.SwitchToWorkspace{name=a:get_workspace()},b)end
end
do
local e,g
function a.S(d,e,g)local c=b.H
if not c then
return
end
a.K(d,f.action.InputSelector{title="ascalon",description=e,choices=g,action=c})end
function e(a)if a=="proxy"then
return f.mux.get_domain(b.b.proxyDomain)~=nil
end
return#b.m>0
end
function g(d,e)local b={}local a=""for d,c in c(n(d," "))do
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
function a.j(f,d)r(f,d.e)local b={{label="Close",id=""}}for c,a in c(d.E)do
if e(a)then
b[#b+1]={label=a=="proxy"and"Attach over ssh instead"or"Run ascalon "..a,id=a}end
end
for d,a in c(d.D)do
for c,a in c(g(a,76))do
b[#b+1]={label=a,id=""}end
end
a.S(f,d.e,b)end
function a.a(d,e)local c=b.I
local f=(c and c.enable_tab_bar)==false or(c and c.hide_tab_bar_if_only_one_tab)==true and#d:mux_window():tabs()==1
if f then
a.j(d,e)else
r(d,e.e)end
end
function a.az(c)b.H=a.aa("ascalon.chosen",function(b,d,e,a)if a and a~=""then
c(b,d,e,a)end
end)end
function a.ap()if b.b.docsUrl~=""then
f.open_with(b.b.docsUrl)end
end
end
function a.e(a)local b=a-g"seen_at"if b<0 or b>10 then
d("busy_until",g"busy_until"+b)end
d("seen_at",a)return g"busy_until">a
end
function a.p(a,c)local b=g"ticket"+1
d("ticket",b)d("busy_until",a+c)d("seen_at",a)return b
end
function a.B(a)return g"ticket"==a
end
function a.x(b)if a.B(b)then
d("busy_until",0)end
end
function a.A(b,c)local d=a.p(j(),b)local e,f=m(c)a.x(d)return e,f
end
do
local d
function M(a)local c=a.mux.get_domain(b.b.proxyDomain)return L(c)and c or a.mux.get_domain(b.b.domain)end
function d()local a=os.getenv"WEZTERM_UNIX_SOCKET"or""local b=x(a,"gui-sock-")if b<0 then
return
end
return tonumber(y(a,b+9))end
function E(e,f,g)local c=M(e)return a.ac{x=j(),status=f,domain=not c and"unregistered"or(L(c)and"attached"or"detached"),K=(c and c:has_any_panes())==true,t=a.e(j()),z=g,A=#b.m>0,J=d()}end
L=function(a)return(a and a:state())=="Attached"end
end
function a.c(a)local b,c=m(function()return a:get_domain_name()end)return b and c or nil
end
function a.d(b,e)local function d(b)local c=b and a.c(b)return c~=nil and e(c)end
for c,b in c(b)do
local a=b:active_pane()if d(a)then
return a
end
end
for b,a in c(b)do
for b,a in c(a:tabs())do
for b,a in c(a:panes())do
if d(a)then
return a
end
end
end
end
end
do
local b,l
K={k=0,g=0,h=0,f=0,d=0}function a.aF(c,h)local d=h.x
local f=a.ah(h.status,d)local i=c
local j=i.k
local e=i.g
local k=i.h
local g=i.f
if h.G then
return b(l(not f and e or f.since))end
if j==0 or h.t then
return b(c)end
if e==0 then
return b(K)end
if k==0 then
return b{k=j,g=e,h=d,f=g,d=0}end
if not f then
return b(c)end
if f.state~="up"then
return b{k=j,g=e,h=k,f=g,d=c.d==0 and d or c.d}end
if f.since<=e then
return b(d-k>20 and K or c)end
if d<c.d and c.d-d<=32 then
return b(c)end
if g>=5 then
return b(K)end
local m=d+(2<<g)return{attach=true,i={k=j,g=e,h=k,f=g+1,d=m}}end
b=function(a)return{i=a,attach=false}end
l=function(a)return{k=1,g=a,h=0,f=0,d=0}end
end
function a.av()return{k=g"wanted",g=g"link_since",h=g"lost_at",f=g"attempts",d=g"next_at"}end
function a.O(a)d("wanted",a.k)d("link_since",a.g)d("lost_at",a.h)d("attempts",a.f)d("next_at",a.d)end
function a.y()a.O(K)d("wish_until",0)end
do
function a.G(b)local a={}for c,b in c(n(b,"/"))do
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
function a.aH(a,c)return b(a,c,"host","guest")end
function a.aI(a,c)return b(a,c,"guest","host")end
end
do
local c,g,d
function c(f,h)local d=a.c(f)if not b.c.same_place or not d then
return
end
local c=G(d)if not c and d~="local"then
return
end
local e=g(f,c)if not e or c==(h=="vm")then
return e
end
local i=c and a.aI or a.aH
return i(e,b.b.mounts)end
function g(b,c)local e,a=m(function()return b:get_current_working_dir()end)if not e or not a then
return
end
return(c or d(a.host or""))and a.file_path or nil
end
function d(a)return a==""or a=="localhost"or a==f.hostname()end
function a.F(a,b,d)a:mux_window():spawn_tab{domain={DomainName=d},cwd=c(b,"vm")}end
function a.an(d,a,b)a:mux_window():spawn_tab{domain={DomainName="local"},cwd=c(b,"local")}end
end
do
local b,c,d,f,g,h
function b(d)local b=k(d)local c=e(b.name)if not c then
return
end
return{name=c,state=A(b.state,a.al,"off"),reason=e(b.reason),since=l(b.since)or 0,rttMs=i(b.rttMs)=="number"and b.rttMs or nil,nextAttemptAt=l(b.nextAttemptAt),target=e(b.target),chosen=e(b.chosen)}end
function c(d)local a=k(d)local b=l(a.pid)local c=l(a.codec)if not b or not c then
return
end
return{pid=b,codec=c,version=e(a.version)or"of unknown version"}end
function a.au(o)local a=k(o)local j=l(a.schema)local m=l(a.writtenAt)local n=l(a.nextWriteBy)if not j or not m or not n then
return
end
return{schema=j,writtenAt=m,nextWriteBy=n,ascalon=e(a.ascalon)or"",vm=d(k(a.vm)),links=s(a.links,b),mux=f(k(a.mux)),gui=s(a.gui,c),codec=g(k(a.codec)),generation=l(a.generation),pendingPlan=i(a.pendingPlan)=="table"and h(k(a.pendingPlan))or nil,attention=s(a.attention,e)}end
d=function(b)return{state=A(b.state,a.aJ,"unknown"),since=l(b.since)or 0,reason=e(b.reason)}end
f=function(a)return{socketPath=e(a.socketPath)or"",codec=l(a.codec),version=e(a.version),exe=e(a.exe),hijacked=a.hijacked==true}end
g=function(a)return{verdict=A(a.verdict,{"equal","different","unknown"},"unknown"),sentence=e(a.sentence),fix=e(a.fix)}end
h=function(a)return{restart=l(a.restart)or 0,rebuild=l(a.rebuild)or 0,recreate=l(a.recreate)or 0}end
end
do
function a.U(b)return a.au(a.J(b))end
local c={}function z()local d=a.M(b.b.statusPath)if d==c.r then
return c.status
end
c.r=d
c.status=a.U(d or"")return c.status
end
end
do
local f,i
function f(c,d,e)local b=c.mux.get_pane(e)if not b then
return false
end
a.T(d,b)return true
end
function a.z(b)local function c(a)return not G(a)and a~=i
end
return a.d(b.mux.all_windows(),c)~=nil
end
local function j(a)return"printf '\\n[ended with %s; Enter "..a.."] ' \"$?\"; read -r _"end
local l='"$@"; '..j"closes this tab"local n='until "$@"; do '..j"tries again".." || exit; done; sleep 1"function a.t(d)local a={}for c,b in c(b.m)do
a[#a+1]=b
end
for c,b in c(d)do
a[#a+1]=b
end
return a
end
local function k(d,e)local b={"/bin/sh","-c",d,"sh"}for c,a in c(a.t(e))do
b[#b+1]=a
end
return b
end
local function e(a,b)return a:spawn_tab{domain={DomainName="local"},args=b}end
function a.Q(a,b)e(a:mux_window(),k(l,b))end
function a.R(c,a)local b=g"up_pane"if b>0 then
local d,e=m(function()return f(c,a,b-1)end)if d and e then
return false
end
end
local i,h=e(a:mux_window(),k(n,{"up","--attach"}))d("up_pane",h:pane_id()+1)return true
end
function a.C(d,b)if a.z(d)then
return
end
local c=b:active_tab()e(b)if c~=nil then
c:activate()end
end
i="TermWizTerminalDomain"function a.P(c,d)local b={q=false,p="",y=""}local e,f=m(function()local e,f,g=c.run_child_process(a.t(d))b={q=e,p=f,y=g}end)return e and b or{q=false,p="",y=h(f)}end
end
do
local e,c,i,f,m,k,l
local n=a.p
function a.i(b,d,f,g)a.g()local h=E(b,z(),false)if h.a=="ask"then
e(d,f,g)else
c(b,d,f,g,h)end
end
function e(f,g,h)n(j(),2)v("ask",function(b)local d=n(j(),20)local e=a.P(b,{"attach","--json"})if not a.B(d)then
return
end
a.x(d)local i=E(b,a.U(e.q and e.p or""),true)c(b,f,g,h,i)end)end
function c(e,d,g,h,c)if c.a=="attach"then
a.b(e,d,g,b.b.domain,h,false)elseif c.a=="focus"and h=="show"then
k(e,d)elseif c.a=="focus"or c.a=="spawn"then
i(e,d,g,false,10,function()local f=a.F
local h=d
local i=g
local c=M(e)return f(h,i,c and c:name()or b.b.domain)end)elseif c.a=="start"then
m(e,d,c.e)elseif c.a=="wait"then
l(d)a.a(d,c)elseif c.a=="explain"then
f(e,d,g,c,false)else
a.a(d,o("ascalon is at it already.",{},{}))end
end
function i(c,d,e,g,i,j)local b,k=a.A(i,j)if not b then
f(c,d,e,a.ag(h(k)),g)end
return b
end
function f(e,b,f,c,g)if g then
r(b,c.e)else
d("failed_at",j())d("failed_window",b:window_id())a.j(b,c)end
F(e,"ascalon.attach.failed",b,f,{message=c.e})end
function m(d,b,e)l(b)local c=e
local f,g=a.A(10,function()if not a.R(d,b)then
c="ascalon up has its tab already: here it is."end
end)r(b,f and c or"ascalon could not be started: "..h(g))end
function a.b(c,b,e,f,h,l)local g=c.mux.get_domain(f)if not g or a.e(j())then
return
end
d("wish_until",0)d("window",b:window_id())local m=i(c,b,e,l,90,function()F(c,"ascalon.attach.start",b,e,{domain=f})g:attach(b:mux_window())d("wanted",1)d("failed_at",0)d("up_pane",0)if h=="tab"or not g:has_any_panes()then
a.F(b,e,f)end
end)if not m then
return
end
if h=="show"then
k(c,b)end
F(c,"ascalon.attach.finished",b,e,{domain=f})end
function k(d,b)local c=a.d({b:mux_window()},G)or a.d(d.mux.all_windows(),G)if c then
a.T(b,c)end
end
function l(a)d("wish_until",j()+30)d("window",a:window_id())end
function a.L(d,b,e,f)local c=j()-g"failed_at"local h=c>=0 and c<2 and g"failed_window"==b:window_id()if not h then
a.i(d,b,e,f)end
end
function a.o(c,e,g,h)local d=E(c,z(),false)if d.a=="attach"then
a.b(c,e,g,b.b.domain,h,true)elseif d.a=="explain"then
a.y()f(c,e,g,d,true)end
end
function a.ai(c,i,j,l)local e=g"wish_until"if e==0 then
return
end
local b=E(c,z(),false)if b.a=="attach"then
v("wish",function(b)return a.o(b,i,j,"show")end)end
local k=e-l
if k>0 and k<=30 then
return
end
d("wish_until",(b.a=="wait"or b.a=="attach")and 1 or 0)local h=b.a=="ask"and E(c,z(),true)or b
if e>1 and(h.a=="wait"or h.a=="explain")then
f(c,i,j,h,true)end
end
end
do
local e,d
function e(g,c,f)local b="ascalon "..J(f," ")r(c,b.." …")local e=a.P(g,f)if e.q then
local a=d(e.p,1)[1]r(c,not a and b..": done"or b..": "..a)return
end
local h=d(e.y,5)a.j(c,o(b.." failed.",h,{"doctor"}))end
function d(b,d)local a={}for c,b in c(n(b,"\n"))do
if b~=""then
a[#a+1]=R(b,1,200)end
if#a>d then
table.remove(a,1)end
end
return a
end
function a.aB(c,d)a.g()if#b.m==0 then
r(c,a.s)elseif d.runs=="tab"then
a.Q(c,d.argv)else
v("run",function(a)return e(a,c,d.argv)end)end
end
function a.aC(e,c,f,d)if d=="up"then
a.R(e,c)elseif d=="proxy"then
a.b(e,c,f,b.b.proxyDomain,"show",false)else
a.Q(c,{d})end
end
end
function a.ad(c,b)local d=M(c)if L(d)then
a.C(c,b:mux_window())local e,f=m(function()return d:detach()end)if not e then
r(b,"WezTerm could not detach the VM: "..h(f))end
else
a.a(b,o("The VM is not attached.",{},{}))end
a.y()end
do
local h,i,e,b,c,d,f
function h(c)if#c>a.h.open then
return d
end
if not B(c,"https://")and not B(c,"http://")then
return b"not a web address"end
local function g(a)return a>32 and a<127 and a~=34 and a~=39 and a~=92 and a~=96
end
return e(c,g)and{a="open",s=c}or f
end
function i(c)if c==""then
return b"empty"end
if#c>a.h.notify then
return d
end
local function g(a,b)return a>=32 and a~=127 and(b~=194 or a<128 or a>=160)end
return e(c,g)and{a="notify",s=c}or f
end
function e(b,e)local c=0
do
local a=0
while a<#b do
local d=D(b,a)if not e(d,c)then
return false
end
c=d
a=a+1
end
end
return true
end
a.h={open=2048,notify=300,attach=64}function a.ak(e,b,f,g)if e=="ascalon.open"and g.open then
return f=="vm"and h(b)or c
end
if e=="ascalon.notify"and g.notify then
return f=="vm"and i(b)or c
end
if e=="ascalon.attach"and g.attach then
if f~="local"then
return c
end
return#b>a.h.attach and d or{a="attach",s=b}end
return{a="ignore"}end
b=function(a)return{a="refuse",reason=a}end
c=b"not from that pane"d=b"too long"f=b"a bad character"function a.aG(a,b,c,d)if b-a.l>=d or b<a.l then
return{F=true,i={l=b,n=1}}end
return{F=a.n<c,i={l=a.l,n=a.n+1}}end
end
do
local c,h,e
function c(j,d,g,i,k)local c=a.ak(i,k,h(g),b.c.messages)if c.a=="ignore"then
return
end
if c.a=="refuse"then
if e(c.a)then
q(i.." refused: "..c.reason)end
return
end
if not e(c.a)then
return
end
if c.a=="open"then
f.open_with(c.s)elseif c.a=="notify"then
r(d,"VM: "..c.s)else
a.i(j,d,g,"show")end
end
function h(c)local b=a.c(c)if b=="local"then
return"local"end
return b and G(b)and"vm"or"other"end
function e(b)local e={l=g(b.."_window"),n=g(b.."_count")}local c=a.aG(e,j(),5,10)d(b.."_window",c.i.l)d(b.."_count",c.i.n)return c.F
end
function a.ay()p("user-var-changed",c)end
end
do
local g,j,h,e,d
function a.H()local a={}for d,b in c(H)do
local c=h[b]if g(b)then
a[#a+1]={brief="ascalon: "..c[1],icon=c[2],action=C(t[b])}end
end
for d,b in c(b.b.palette)do
local c="ascalon: "..b.brief
a[#a+1]={brief=c,doc=b.doc,icon=b.icon,action=C(P(b.id))}end
return a
end
function g(a)return a~="menu"and(a~="docs"or b.b.docsUrl~="")end
function j(f,g)local b=a.H()for j,d in c(d.B)do
local h,a=m(d,f,g)if not h then
O("another "..e.." handler",a)elseif i(a)=="table"then
for c,a in c(a)do
b[#b+1]=a
end
end
end
return b
end
h={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.aD(f,e)local d={}for b,a in c(H)do
if g(a)then
d[#d+1]={label=h[a][1],id=t[a]}end
end
for b,a in c(b.b.palette)do
d[#d+1]={label=a.brief,id=P(a.id)}end
a.S(e,"ascalon",d)end
e="augment-command-palette"d={C=false,B={}}function a.q()if d.C then
return
end
d.C=true
local a=f.on
a(e,j)f.on=function(b,c)if b==e then
local a=d.B
a[#a+1]=c
else
a(b,c)end
end
end
end
function a.n(b)local a=N(math.max(b,0))if a<60 then
return h(a).." s"end
if a<3600 then
return h(N(a/60)).." min"end
if a<172800 then
return h(N(a/3600)).." h"end
return h(N(a/86400)).." d"end
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
local e=d.codec.verdict=="different"if e then
local b=a.f(d,"mux")e=(b and b.state)=="up"end
if e then
b[#b+1]="WezTerm versions differ"end
local f=g(d.pendingPlan)if f~=""then
b[#b+1]=f
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
function a.aE(b,g,d)if not b then
return d.o and"ascalon: unknown"or""end
local i=a.k(b,g)if i>0 then
return"ascalon: no news for "..a.n(i)end
if b.vm.state=="absent"then
return d.o and"ascalon: no VM"or""end
local c=b.vm.state=="running"and f(b)or{e(b,g)}if#c==0 and not d.o then
return""end
if d.o and b.generation then
c[#c+1]="generation "..h(b.generation)end
return#c==0 and"ascalon: up"or"ascalon: "..J(c,", ")end
end
do
local b={at=0,j=0}local c="ascalon.clock"function a.aw()p(c,function()b.j=0
end)end
function a.D(e)local c=j()-b.at
if c>=0 and c<5 then
return
end
b.at=j()b.j=0
local a=g"clock"+1
d("clock",a)v("clock",function(c)while g"clock"==a and b.j<60 do
b.at=j()b.j=b.j+1
e(c)c.sleep_ms(1000)end
if g"clock"==a then
b.at=0
end
end)end
function a.Z(a,d)if b.j>=10 then
a:perform_action(C(c),d)end
end
a.aj=function()return b.j<=10 end
end
do
local e,h,i,k,l
function e(f)w("tick",function()local i=j()local k=f.gui.gui_windows()local d=k[1]for e,c in c(k)do
if b.c.status==false then
a.af(c,i)end
if c:window_id()==g"window"then
d=c
end
end
local e=d and d:mux_window():active_pane()if not d or not e then
return
end
if a.aj()then
h(f,d,e,z(),i)end
a.Z(d,e)end)end
function h(e,c,f,j,h)local m=L(M(e))k(e,c,f,j,h,m)local n=h-g"local_tab_at"if m and b.c.keep_local_tab and(n<0 or n>=5)then
d("local_tab_at",h)if not a.z(e)then
v("keep-local-tab",function(b)return a.C(b,c:mux_window())end)end
end
if g"started"==0 then
if not i()then
d("started",1)else
v("startup",function(b)d("started",1)a.i(b,c,f,"show")end)end
end
l(c,f,j)end
function i()return(b.c.attach or b.b.attach)=="startup"end
function k(k,c,g,d,e,h)local i=a.av()local j=a.e(e)local f=a.aF(i,{x=e,G=h,t=j,status=d})a.O(f.i)if i.d==0 and f.i.d>0 and(d and d.vm.state)=="running"then
r(c,"The connection to the VM was lost.")end
if not h and not j then
a.ai(k,c,g,e)end
if f.attach and b.c.reattach then
v("reattach",function(b)return a.o(b,c,g,"stay")end)end
end
function l(d,e,c)if not c then
return
end
local a=f.GLOBAL.ascalon_vm
local b=c.vm.state
f.GLOBAL.ascalon_vm=b
if a and a~=b then
v("ascalon.vm.changed",function(c)return F(c,"ascalon.vm.changed",d,e,{from=a,to=b})end)end
end
function a.V(f,d)local e=a.ao(d)if e~=""then
return e
end
local c=a.aE(f,d,{o=b.c.status=="always"})if not b.w then
return c
end
return c==""and"ascalon: versions differ"or c..", versions differ"end
function a.aA()a.aw()p("window-config-reloaded",function()return a.D(e)end)p("update-status",function(d,c)a.D(e)if b.c.status~=false then
c:set_right_status(a.V(z(),j()))end
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
local c=P(b.id)if d(c)then
p(c,function(d,c)return a.aB(c,b)end)end
end
end
function a.ax()if b.c.palette and d"ascalon.palette"then
a.q()end
if not d"ascalon.handlers"then
return
end
p(t.attach,function(b,c,d)return a.L(b,c,d,"show")end)p(t.new_tab,function(b,c,d)return a.L(b,c,d,"tab")end)p(t.detach,a.ad)p(t.new_local_tab,a.an)p(t.menu,a.aD)p(t.docs,a.ap)e()b.L=e
a.az(function(d,c,e,b)if B(b,"ascalon.")then
a.K(c,C(b))else
a.aC(d,c,e,b)end
end)a.ay()a.aA()end
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
local f={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.r(g,h)local b={}for d,c in c(n(J(n(string.upper(h)," "),""),"|"))do
local a=f[c]if a then
b[a]=true
end
end
local a=g
for c,b in c{"phys:","mapped:","raw:"}do
if B(a,b)then
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
local d,g,h,f
function d(e,c)if c==nil or c==true then
if e=="attach"then
return a.I(b.b.key)end
elseif c~=false then
local a=g(c)if a then
return a
end
q("keys."..e..' is false, "CMD|SHIFT+A" or { key = …, mods = … }')return d(e,nil)end
end
function g(b)if i(b)=="string"then
return a.I(b)end
local c=k(b)local d=e(c.key)if not d then
return
end
return{key=d,mods=e(c.mods)or""}end
function h(b,d)for c,b in c(b)do
if i(b.key)=="string"and a.r(b.key,b.mods or"")==d then
return true
end
end
return false
end
function a.W()local f=k(b.c.keys)a.m(f,H,"keys.")local e={}for c,a in c(H)do
local b=d(a,f[a])if b then
e[#e+1]={key=b.key,mods=b.mods,action=C(t[a])}end
end
return e
end
function a.Y(e)if b.c.keys==false then
return
end
local g=e.keys or{}local d={}for e,c in c(a.W())do
local b=a.r(c.key,c.mods or"")if not h(g,b)then
d[#d+1]=c
elseif not f[b]then
q(b.." is bound already; left as it is")end
f[b]=true
end
for b,a in c(g)do
d[#d+1]=a
end
e.keys=d
end
f={}end
local u={}u.version="0.1.0"u.contract_version=I
u.action={}for b,a in c(H)do
u.action[a]=C(t[a])end
function u.apply_to_config(c,d)if not f.gui then
return c
end
b.I=c
w("options",function()b.c=a.N(d)end)w("plugin.json",a.E)w("domains",function()return a.X(c)end)w("keys",function()return a.Y(c)end)w("events",a.ax)return c
end
function u.keys()w("plugin.json",a.g)return a.W()end
u.palette_entries=a.H
u.chain_palette=a.q
function u.status_text(d)local b,c=m(function()return a.V(z(),j())end)return b and c or""end
return u
