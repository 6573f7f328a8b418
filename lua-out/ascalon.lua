-- ascalon 0.1.0, contract 1: generated from src/wezterm and src/shared, do not edit.
local m,c,h,i,j,J,N,X=pcall,ipairs,tostring,type,os.time,table.concat,math.floor,string.sub
local f=require"wezterm"local function y(a,b,c)return X(a,b+1,c)end
local function Y(a)return i(a)=="table"and(a[1]~=nil or next(a)==nil)end
local function D(a,b)return string.byte(a,b+1)end
local function C(b,a)return X(b,1,#a)==a end
local O,P,Q,R,S,T,U,V,W,K,L,M,E,F,G,H,I,z,A,B,v,w,x,r,s,t,o,p,q,n,l,k,g,e,d,b,a
a={}I=1
W={plugin="wezterm/plugin.json",bundle="wezterm/ascalon.lua",status="status.json",socket="sock/mux.sock"}a.Y="ascalon"a.an="ascalon-proxy"t={attach="ascalon.attach",detach="ascalon.detach",new_tab="ascalon.new-tab",new_local_tab="ascalon.new-local-tab",menu="ascalon.menu",docs="ascalon.docs"}H={"attach","detach","new_tab","new_local_tab","menu","docs"}V=function(a)return"ascalon.cli."..a end
B=function(a)return f.action.EmitEvent(a)end
function k(a)return i(a)=="table"and a and a or{}end
function e(a)return i(a)=="string"and a or nil
end
function l(a)return i(a)=="number"and N(a)or nil
end
function s(b,d)local a={}if not Y(b)then
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
a.am="up;Start the VM;md_play;tab\nshell;Shell in the VM;md_console;tab\nstatus;Show the VM's status;md_information;tab\nstop;Stop the VM;md_stop;silent\nrestart;Restart the VM;md_restart;tab\nrebuild;Rebuild the guest;md_hammer_wrench;tab\nheal;Repair the links;md_bandage;silent\ndoctor;Look for what is wrong (doctor);md_stethoscope;tab\nlogs;Show the logs;md_text_box_search;tab\nagent logs;Show the agent's log;md_text_box;tab\nconfig edit;Edit the settings;md_cog;tab"function x(a,b)return(string.find(a,b,nil,true)or 0)-1
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
function a.q(b,c)return{contract=I,ascalon="",cli={},statusPath=b.."/"..W.status,domain=a.Y,socketPath=b.."/"..W.socket,proxyDomain=a.an,proxyCommand={},attach="key",key="CMD|SHIFT+A",mounts={},palette=c,docsUrl=""}end
function a.ao(g,d)local b=k(g)local a={}for c in pairs(d)do
local f=e(d[c])if f then
a[c]=e(b[c])or f
end
end
a.contract=l(b.contract)or 0
a.cli=s(b.cli,e)a.proxyCommand=s(b.proxyCommand,e)a.attach=A(b.attach,{"key","startup"},d.attach)a.mounts=s(b.mounts,f)a.palette=s(b.palette,c)return a
end
function a.V(a,c)if a==I then
return
end
local b="The plugin speaks contract "..h(I)..", ascalon "..c.." contract "..h(a)return a<I and b..": upgrade ascalon."or b..": run ascalon wezterm install, or wezterm.plugin.update_all()."end
a.al=function()return s(n(a.am,"\n"),b)end
end
function a.G(b)local a=io.open(b,"r")if not a then
return
end
local c=a:read(65536)a:close()return c
end
function a.E(a)local b,c=m(f.json_parse,a)if b then
return c
end
end
function q(a)f.log_warn("ascalon: "..a)end
function U(b,c)local a=h(c)if x(a,"not found")>=0 or x(a,"not valid")>=0 then
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
function a.ah(d,a)for e,a in c(a)do
local c=math.max(#d,#a)if c-b(d,a)<=2 and c>3 then
return a
end
end
end
end
do
local h,j,b,d
function h()local a=C(f.version,"0-")or C(f.executable_dir,"/nix/store")return not a or x(f.target_triple,"darwin")<0
end
function j(d)local a=k(d)T(a,{"attach","notify","open"},"messages.")local c=d~=false
return{open=b(a,"open",c),notify=b(a,"notify",c),attach=b(a,"attach",c)}end
function b(b,c,e)local a=b[c]d(b,c,i(a)=="boolean","true or false")if i(a)=="boolean"then
return a
end
return e
end
function d(b,a,c,d)if b[a]~=nil and not c then
q(a.." is "..d)end
end
function T(b,c,d)for b in pairs(b)do
if A(b,c,"")==""then
local e=a.ah(b,c)q("unknown option "..d..b..(not e and""or"; did you mean "..d..e.."?"))end
end
end
local m={"attach","cli","keep_local_tab","keys","messages","notifications","palette","plugin_json","reattach","same_place","status"}function a.H(f)if f~=nil and i(f)~="table"then
q"the options must be a table"end
local a=k(f)T(a,m,"")local g=A(a.attach,{"key","startup"},"")local l=i(a.cli)=="string"and{a.cli}or s(a.cli,e)d(a,"attach",g~="",'"key" or "startup"')d(a,"cli",#l>0,"a path or a list of words")d(a,"plugin_json",i(a.plugin_json)=="string","a path")for c,b in c{"keys","messages"}do
d(a,b,a[b]==false or i(a[b])=="table","false or a table")end
return{plugin_json=e(a.plugin_json),cli=l,keys=a.keys~=false and k(a.keys),attach=g~=""and g or nil,palette=b(a,"palette",false),status=a.status=="always"and"always"or b(a,"status",false),notifications=b(a,"notifications",h()),reattach=b(a,"reattach",true),keep_local_tab=b(a,"keep_local_tab",true),same_place=b(a,"same_place",true),messages=j(a.messages)}end
end
function S()local a=os.getenv"XDG_STATE_HOME"local b=a
return(b and C(a,"/")and a or f.home_dir.."/.local/state").."/ascalon"end
b={c=a.H(nil),b=a.q(S(),{}),m={},v=false,}function G(a)return a==b.b.domain or a==b.b.proxyDomain
end
function a.z()local c=b.c
local d=c.plugin_json or S().."/"..W.plugin
f.add_to_config_reload_watch_list(d)local g=a.q(S(),#c.cli>0 and a.al()or{})local h=a.G(d)local e=a.E(h or"")if h and i(e)~="table"then
q(d.." is damaged")end
b.v=i(e)=="table"b.b=b.v and a.ao(e,g)or g
b.m=#c.cli>0 and c.cli or b.b.cli
b.w=a.V(b.b.contract,b.b.ascalon)if b.w then
q(b.w)end
end
function R()if b.v then
return
end
a.z()local c=b.L
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
e={"ssh_domains","exec_domains","wsl_domains","tls_clients"}function a.R(e)local a=b.b
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
U(a,e)end
end
function c(a,f)return function(c,d,g,i)local j,e=m(f,b,c,d,g,i)if j then
return
end
U(a,e)F(b,"ascalon.error",c,d,{event=a,message=h(e)})end
end
function F(b,a,c,d,e)local f,g=m(b.emit,a,c,d,e)if not f then
q("a handler of "..a..": "..h(g))end
end
b=f
function p(a,b)f.on(a,c(a,b))end
function a.U(a,b)return f.action_callback(c(a,b))end
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
function a.p(a,b)if not a or not b then
return{verdict="unknown"}end
if a.codec==b.codec then
return{verdict="equal"}end
return{verdict="different",sentence="WezTerm here is "..a.version.." (codec "..h(a.codec)..") and the VM's is "..b.version.." (codec "..h(b.codec).."); WezTerm attaches only to its own codec.",fix=c(a.codec,b.codec)}end
end
function Q(a,b)for c,a in c(a.links)do
if a.name==b then
return a
end
end
end
a.aE={"absent","stopped","starting","running","stopping","broken","unknown"}a.ag={"off","waiting","up","broken","healing"}function P(a,b)if b>a.nextWriteBy then
return b-a.nextWriteBy
end
if a.writtenAt>b+60 then
return a.writtenAt-b
end
return 0
end
function a.ab(a,b)if not a or P(a,b)>0 then
return
end
return Q(a,"mux")end
do
local e,f,g,h,i,j,d,b,k
function e(a)if not a.A then
return b
end
if not a.z then
return{a="ask"}end
return o("ascalon gives no answer about the VM.",{"ascalon doctor tells what is wrong."},{"doctor"})end
function f(b,e)local a=b.vm
local c=k[a.state]if c then
return{a="start",e=c}end
if a.state=="broken"then
return o("The VM is broken"..d(a.reason)..".",{"ascalon up repairs it."},{"up","doctor"})end
return g(b,e)end
function g(b,c)if b.mux.hijacked then
return o("Another WezTerm server has taken the VM's socket.",{(b.mux.exe or"It").." answers at "..b.mux.socketPath.." instead of the VM's server.","End that server; ascalon heal takes the socket back."},{"heal","doctor"})end
local a=Q(b,"mux")if not a or a.state=="off"then
return{a="start",e="The VM runs without a link to WezTerm: making it."}end
if a.state=="waiting"or a.state=="healing"then
return{a="wait",e="The link to the VM is being made"..d(a.reason)..".",D={"The VM is attached as soon as it is."},E={"doctor","heal"}}end
if a.state=="broken"then
return o("The link to the VM is broken"..d(a.reason)..".",{"ascalon keeps trying; ascalon doctor tells more."},{"doctor","heal","proxy"})end
return h(b,c)end
function h(b,c)local d=not c and b.codec or a.p(i(b,c),j(b))return d.verdict=="different"and a.r(d)or{a="attach"}end
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
a.n="The plugin does not know where ascalon is."function a.W(a)if a.u then
return{a="busy"}end
if a.domain=="unregistered"then
return o("WezTerm does not know the VM yet.",{"It learns new domains only when it starts: quit it and start it again.","Nothing in the VM is lost."},{})end
if a.domain=="attached"then
return{a=a.K and"focus"or"spawn"}end
local c=a.status
if not c or P(c,a.x)>0 and not a.z then
return e(a)end
local d=f(c,a.J)return d.a=="start"and not a.A and b or d
end
b=o(a.n,{"Run this once in a terminal, then press again: ascalon wezterm install"},{})k={absent="There is no VM yet: making it.",stopped="The VM is stopped: starting it.",starting="The VM is starting: waiting for it.",stopping="The VM is stopping: starting it again."}a.r=function(a)return o("WezTerm here and in the VM speak different versions.",{a.sentence or"",a.fix or""},{"rebuild","doctor"})end
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
function a.aa(h)local e=c(h,"\nstack traceback:")local b=n(e," (codec version ")local g=a.p(d(b[2],b[3]),d(b[1],b[2]))if g.verdict=="different"then
return a.r(g)end
return o(f(e),{X(c(e,"\n"),1,200)},{"doctor","heal"})end
b=function(a,b)return x(a,b)>=0 end
c=function(a,b)return n(a,b)[1]or""end
end
function g(a)return f.GLOBAL["ascalon_"..a]or 0
end
function d(a,b)f.GLOBAL["ascalon_"..a]=b
end
function O(a,c)local b=a:mux_window():active_pane()if b then
a:perform_action(c,b)end
end
function a.N(c,b)local d=b:tab()if d~=nil then
d:activate()end
local a=b:window()if not a or a:window_id()==c:window_id()then
return
end
local g,e=m(function()return a:gui_window()end)if g and e then
e:focus()else
c:perform_action(f.action.SwitchToWorkspace{name=a:get_workspace()},b)end
end
do
local i,e
function i(b,c)local a=b-c
return a>0 and a<=10
end
local c={o="",q=1}function r(g,a)f.log_info("ascalon: "..a)c.o=a
c.q=j()+10
d(e(g),c.q)g:set_right_status(a)if b.c.notifications then
m(function()return g:toast_notification("ascalon",a,nil,5000)end)end
end
a.aj=function(a)return i(c.q,a)and c.o or""end
e=function(a)return"notice_"..h(a:window_id())end
function a.af(a)if g(e(a))==c.q then
a:set_right_status(c.o)end
end
function a.Z(a,c)local b=g(e(a))if b==0 or i(b,c)then
return
end
d(e(a),0)a:set_right_status""O(a,B"update-status")end
end
do
local e,g
function a.M(c,d,e)local a=b.H
if not a then
return
end
O(c,f.action.InputSelector{title="ascalon",description=d,choices=e,action=a})end
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
function a.h(f,d)r(f,d.e)local b={{label="Close",id=""}}for c,a in c(d.E)do
if e(a)then
b[#b+1]={label=a=="proxy"and"Attach over ssh instead"or"Run ascalon "..a,id=a}end
end
for d,a in c(d.D)do
for c,a in c(g(a,76))do
b[#b+1]={label=a,id=""}end
end
a.M(f,d.e,b)end
function a.a(d,e)local c=b.I
local f=(c and c.enable_tab_bar)==false or(c and c.hide_tab_bar_if_only_one_tab)==true and#d:mux_window():tabs()==1
if f then
a.h(d,e)else
r(d,e.e)end
end
function a.au(c)b.H=a.U("ascalon.chosen",function(b,d,e,a)if a and a~=""then
c(b,d,e,a)end
end)end
function a.ak()if b.b.docsUrl~=""then
f.open_with(b.b.docsUrl)end
end
end
function a.e(a)local b=a-g"seen_at"if b<0 or b>10 then
d("busy_until",g"busy_until"+b)end
d("seen_at",a)return g"busy_until">a
end
function a.k(a,c)local b=g"ticket"+1
d("ticket",b)d("busy_until",a+c)d("seen_at",a)return b
end
function a.w(a)return g"ticket"==a
end
function a.s(b)if a.w(b)then
d("busy_until",0)end
end
function a.v(b,c)local d=a.k(j(),b)local e,f=m(c)a.s(d)return e,f
end
do
local d
function M(a)local c=a.mux.get_domain(b.b.proxyDomain)return L(c)and c or a.mux.get_domain(b.b.domain)end
function d()local a=os.getenv"WEZTERM_UNIX_SOCKET"or""local b=x(a,"gui-sock-")if b<0 then
return
end
return tonumber(y(a,b+9))end
function E(e,f,g)local c=M(e)return a.W{x=j(),status=f,domain=not c and"unregistered"or(L(c)and"attached"or"detached"),K=(c and c:has_any_panes())==true,u=a.e(j()),z=g,A=#b.m>0,J=d()}end
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
K={k=0,g=0,h=0,f=0,d=0}function a.aA(c,h)local d=h.x
local f=a.ab(h.status,d)local i=c
local j=i.k
local e=i.g
local k=i.h
local g=i.f
if h.G then
return b(l(not f and e or f.since))end
if j==0 or h.u then
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
function a.aq()return{k=g"wanted",g=g"link_since",h=g"lost_at",f=g"attempts",d=g"next_at"}end
function a.I(a)d("wanted",a.k)d("link_since",a.g)d("lost_at",a.h)d("attempts",a.f)d("next_at",a.d)end
function a.t()a.I(K)d("wish_until",0)end
do
function a.B(b)local a={}for c,b in c(n(b,"/"))do
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
local function b(k,f,g,b)local h=a.B(k)local c=e(h,f,g)if not c then
return
end
local i=a.B(c[b]..(d(c[g],h)or""))local j=e(i,f,b)return j and j[b]==c[b]and i or nil
end
function a.aC(a,c)return b(a,c,"host","guest")end
function a.aD(a,c)return b(a,c,"guest","host")end
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
local i=c and a.aD or a.aC
return i(e,b.b.mounts)end
function g(b,c)local e,a=m(function()return b:get_current_working_dir()end)if not e or not a then
return
end
return(c or d(a.host or""))and a.file_path or nil
end
function d(a)return a==""or a=="localhost"or a==f.hostname()end
function a.A(a,b,d)a:mux_window():spawn_tab{domain={DomainName=d},cwd=c(b,"vm")}end
function a.ai(d,a,b)a:mux_window():spawn_tab{domain={DomainName="local"},cwd=c(b,"local")}end
end
do
local b,c,d,f,g,h
function b(d)local b=k(d)local c=e(b.name)if not c then
return
end
return{name=c,state=A(b.state,a.ag,"off"),reason=e(b.reason),since=l(b.since)or 0,rttMs=i(b.rttMs)=="number"and b.rttMs or nil,nextAttemptAt=l(b.nextAttemptAt),target=e(b.target),chosen=e(b.chosen)}end
function c(d)local a=k(d)local b=l(a.pid)local c=l(a.codec)if not b or not c then
return
end
return{pid=b,codec=c,version=e(a.version)or"of unknown version"}end
function a.ap(o)local a=k(o)local j=l(a.schema)local m=l(a.writtenAt)local n=l(a.nextWriteBy)if not j or not m or not n then
return
end
return{schema=j,writtenAt=m,nextWriteBy=n,ascalon=e(a.ascalon)or"",vm=d(k(a.vm)),links=s(a.links,b),mux=f(k(a.mux)),gui=s(a.gui,c),codec=g(k(a.codec)),generation=l(a.generation),pendingPlan=i(a.pendingPlan)=="table"and h(k(a.pendingPlan))or nil,attention=s(a.attention,e)}end
d=function(b)return{state=A(b.state,a.aE,"unknown"),since=l(b.since)or 0,reason=e(b.reason)}end
f=function(a)return{socketPath=e(a.socketPath)or"",codec=l(a.codec),version=e(a.version),exe=e(a.exe),hijacked=a.hijacked==true}end
g=function(a)return{verdict=A(a.verdict,{"equal","different","unknown"},"unknown"),sentence=e(a.sentence),fix=e(a.fix)}end
h=function(a)return{restart=l(a.restart)or 0,rebuild=l(a.rebuild)or 0,recreate=l(a.recreate)or 0}end
end
do
function a.O(b)return a.ap(a.E(b))end
local c={}function z()local d=a.G(b.b.statusPath)if d==c.o then
return c.status
end
c.o=d
c.status=a.O(d or"")return c.status
end
end
do
local f,i
function f(c,d,e)local b=c.mux.get_pane(e)if not b then
return false
end
a.N(d,b)return true
end
function a.u(b)local function c(a)return not G(a)and a~=i
end
return a.d(b.mux.all_windows(),c)~=nil
end
local function j(a)return"printf '\\n[ended with %s; Enter "..a.."] ' \"$?\"; read -r _"end
local l='"$@"; '..j"closes this tab"local n='until "$@"; do '..j"tries again".." || exit; done; sleep 1"function a.o(d)local a={}for c,b in c(b.m)do
a[#a+1]=b
end
for c,b in c(d)do
a[#a+1]=b
end
return a
end
local function k(d,e)local b={"/bin/sh","-c",d,"sh"}for c,a in c(a.o(e))do
b[#b+1]=a
end
return b
end
local function e(a,b)return a:spawn_tab{domain={DomainName="local"},args=b}end
function a.K(a,b)e(a:mux_window(),k(l,b))end
function a.L(c,a)local b=g"up_pane"if b>0 then
local d,e=m(function()return f(c,a,b-1)end)if d and e then
return false
end
end
local i,h=e(a:mux_window(),k(n,{"up","--attach"}))d("up_pane",h:pane_id()+1)return true
end
function a.x(d,b)if a.u(d)then
return
end
local c=b:active_tab()e(b)if c~=nil then
c:activate()end
end
i="TermWizTerminalDomain"function a.J(c,d)local b={s=false,r="",y=""}local e,f=m(function()local e,f,g=c.run_child_process(a.o(d))b={s=e,r=f,y=g}end)return e and b or{s=false,r="",y=h(f)}end
end
do
local e,c,i,f,m,k,l
local n=a.k
function a.g(a,b,d,f)R()local g=E(a,z(),false)if g.a=="ask"then
e(b,d,f)else
c(a,b,d,f,g)end
end
function e(f,g,h)n(j(),2)v("ask",function(b)local d=n(j(),20)local e=a.J(b,{"attach","--json"})if not a.w(d)then
return
end
a.s(d)local i=E(b,a.O(e.s and e.r or""),true)c(b,f,g,h,i)end)end
function c(e,d,g,h,c)if c.a=="attach"then
a.b(e,d,g,b.b.domain,h,false)elseif c.a=="focus"and h=="show"then
k(e,d)elseif c.a=="focus"or c.a=="spawn"then
i(e,d,g,false,10,function()local f=a.A
local h=d
local i=g
local c=M(e)return f(h,i,c and c:name()or b.b.domain)end)elseif c.a=="start"then
m(e,d,c.e)elseif c.a=="wait"then
l(d)a.a(d,c)elseif c.a=="explain"then
f(e,d,g,c,false)else
a.a(d,o("ascalon is at it already.",{},{}))end
end
function i(c,d,e,g,i,j)local b,k=a.v(i,j)if not b then
f(c,d,e,a.aa(h(k)),g)end
return b
end
function f(e,b,f,c,g)if g then
r(b,c.e)else
d("failed_at",j())d("failed_window",b:window_id())a.h(b,c)end
F(e,"ascalon.attach.failed",b,f,{message=c.e})end
function m(d,b,e)l(b)local c=e
local f,g=a.v(10,function()if not a.L(d,b)then
c="ascalon up has its tab already: here it is."end
end)r(b,f and c or"ascalon could not be started: "..h(g))end
function a.b(c,b,e,f,h,l)local g=c.mux.get_domain(f)if not g or a.e(j())then
return
end
d("wish_until",0)d("window",b:window_id())local m=i(c,b,e,l,90,function()F(c,"ascalon.attach.start",b,e,{domain=f})g:attach(b:mux_window())d("wanted",1)d("failed_at",0)d("up_pane",0)if h=="tab"or not g:has_any_panes()then
a.A(b,e,f)end
end)if not m then
return
end
if h=="show"then
k(c,b)end
F(c,"ascalon.attach.finished",b,e,{domain=f})end
function k(d,b)local c=a.d({b:mux_window()},G)or a.d(d.mux.all_windows(),G)if c then
a.N(b,c)end
end
function l(a)d("wish_until",j()+30)d("window",a:window_id())end
function a.F(d,b,e,f)local c=j()-g"failed_at"local h=c>=0 and c<2 and g"failed_window"==b:window_id()if not h then
a.g(d,b,e,f)end
end
function a.j(c,e,g,h)local d=E(c,z(),false)if d.a=="attach"then
a.b(c,e,g,b.b.domain,h,true)elseif d.a=="explain"then
a.t()f(c,e,g,d,true)end
end
function a.ac(c,i,j,l)local e=g"wish_until"if e==0 then
return
end
local b=E(c,z(),false)if b.a=="attach"then
v("wish",function(b)return a.j(b,i,j,"show")end)end
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
function e(g,c,f)local b="ascalon "..J(f," ")r(c,b.." …")local e=a.J(g,f)if e.s then
local a=d(e.r,1)[1]r(c,not a and b..": done"or b..": "..a)return
end
local h=d(e.y,5)a.h(c,o(b.." failed.",h,{"doctor"}))end
function d(b,d)local a={}for c,b in c(n(b,"\n"))do
if b~=""then
a[#a+1]=X(b,1,200)end
if#a>d then
table.remove(a,1)end
end
return a
end
function a.aw(c,d)R()if#b.m==0 then
r(c,a.n)elseif d.runs=="tab"then
a.K(c,d.argv)else
v("run",function(a)return e(a,c,d.argv)end)end
end
function a.ax(e,c,f,d)if d=="up"then
a.L(e,c)elseif d=="proxy"then
a.b(e,c,f,b.b.proxyDomain,"show",false)else
a.K(c,{d})end
end
end
function a.X(c,b)local d=M(c)if L(d)then
a.x(c,b:mux_window())local e,f=m(function()return d:detach()end)if not e then
r(b,"WezTerm could not detach the VM: "..h(f))end
else
a.a(b,o("The VM is not attached.",{},{}))end
a.t()end
do
local h,i,e,b,c,d,f
function h(c)if#c>a.f.open then
return d
end
if not C(c,"https://")and not C(c,"http://")then
return b"not a web address"end
local function g(a)return a>32 and a<127 and a~=34 and a~=39 and a~=92 and a~=96
end
return e(c,g)and{a="open",t=c}or f
end
function i(c)if c==""then
return b"empty"end
if#c>a.f.notify then
return d
end
local function g(a,b)return a>=32 and a~=127 and(b~=194 or a<128 or a>=160)end
return e(c,g)and{a="notify",t=c}or f
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
a.f={open=2048,notify=300,attach=64}function a.ae(e,b,f,g)if e=="ascalon.open"and g.open then
return f=="vm"and h(b)or c
end
if e=="ascalon.notify"and g.notify then
return f=="vm"and i(b)or c
end
if e=="ascalon.attach"and g.attach then
if f~="local"then
return c
end
return#b>a.f.attach and d or{a="attach",t=b}end
return{a="ignore"}end
b=function(a)return{a="refuse",reason=a}end
c=b"not from that pane"d=b"too long"f=b"a bad character"function a.aB(a,b,c,d)if b-a.l>=d or b<a.l then
return{F=true,i={l=b,n=1}}end
return{F=a.n<c,i={l=a.l,n=a.n+1}}end
end
do
local c,h,e
function c(j,d,g,i,k)local c=a.ae(i,k,h(g),b.c.messages)if c.a=="ignore"then
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
f.open_with(c.t)elseif c.a=="notify"then
r(d,"VM: "..c.t)else
a.g(j,d,g,"show")end
end
function h(c)local b=a.c(c)if b=="local"then
return"local"end
return b and G(b)and"vm"or"other"end
function e(b)local e={l=g(b.."_window"),n=g(b.."_count")}local c=a.aB(e,j(),5,10)d(b.."_window",c.i.l)d(b.."_count",c.i.n)return c.F
end
function a.at()p("user-var-changed",c)end
end
do
local g,j,h,e,d
function a.C()local a={}for d,b in c(H)do
local c=h[b]if g(b)then
a[#a+1]={brief="ascalon: "..c[1],icon=c[2],action=B(t[b])}end
end
for d,b in c(b.b.palette)do
local c="ascalon: "..b.brief
a[#a+1]={brief=c,doc=b.doc,icon=b.icon,action=B(V(b.id))}end
return a
end
function g(a)return a~="menu"and(a~="docs"or b.b.docsUrl~="")end
function j(f,g)local b=a.C()for j,d in c(d.B)do
local h,a=m(d,f,g)if not h then
U("another "..e.." handler",a)elseif i(a)=="table"then
for c,a in c(a)do
b[#b+1]=a
end
end
end
return b
end
h={attach={"attach the VM","md_lan_connect"},detach={"detach the VM","md_lan_disconnect"},new_tab={"new tab in the VM, same folder","md_tab_plus"},new_local_tab={"new local tab, same folder","md_tab"},menu={"menu","md_menu"},docs={"open the documents","md_book_open_variant"}}function a.ay(f,e)local d={}for b,a in c(H)do
if g(a)then
d[#d+1]={label=h[a][1],id=t[a]}end
end
for b,a in c(b.b.palette)do
d[#d+1]={label=a.brief,id=V(a.id)}end
a.M(e,"ascalon",d)end
e="augment-command-palette"d={C=false,B={}}function a.l()if d.C then
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
function a.i(b)local a=N(math.max(b,0))if a<60 then
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
return b.." "..a.i(e-c.vm.since)end
return(not d or d=="")and b or b.." ("..d..")"end
function f(b)local a={}for c,b in c(b.links)do
if b.state=="broken"or b.state=="healing"then
a[#a+1]=b.name.." "..b.state
end
end
if b.mux.hijacked then
a[#a+1]="mux hijacked"end
local d=b.codec.verdict=="different"if d then
local a=Q(b,"mux")d=(a and a.state)=="up"end
if d then
a[#a+1]="WezTerm versions differ"end
local e=g(b.pendingPlan)if e~=""then
a[#a+1]=e
end
return a
end
function g(a)if not a then
return""end
if a.recreate>0 then
return"recreate pending"end
if a.restart>0 then
return"restart pending"end
return a.rebuild>0 and"rebuild pending"or""end
function a.az(b,g,d)if not b then
return d.p and"ascalon: unknown"or""end
local i=P(b,g)if i>0 then
return"ascalon: no news for "..a.i(i)end
if b.vm.state=="absent"then
return d.p and"ascalon: no VM"or""end
local c=b.vm.state=="running"and f(b)or{e(b,g)}if#c==0 and not d.p then
return""end
if d.p and b.generation then
c[#c+1]="generation "..h(b.generation)end
return#c==0 and"ascalon: up"or"ascalon: "..J(c,", ")end
end
do
local b={at=0,j=0}local c="ascalon.clock"function a.ar()p(c,function()b.j=0
end)end
function a.y(e)local c=j()-b.at
if c>=0 and c<5 then
return
end
b.at=j()b.j=0
local a=g"clock"+1
d("clock",a)v("clock",function(c)while g"clock"==a and b.j<60 do
b.at=j()b.j=b.j+1
w("tick",e)c.sleep_ms(1000)end
if g"clock"==a then
b.at=0
end
end)end
function a.T(a,d)if b.j>=10 then
a:perform_action(B(c),d)end
end
a.ad=function()return b.j<=10 end
end
do
local e,h,i,k,l
function e(f)local i=j()local k=f.gui.gui_windows()local d=k[1]for e,c in c(k)do
if b.c.status==false then
a.Z(c,i)end
if c:window_id()==g"window"then
d=c
end
end
local e=d and d:mux_window():active_pane()if not d or not e then
return
end
if a.ad()then
h(f,d,e,z(),i)end
a.T(d,e)end
function h(e,c,f,j,h)local m=L(M(e))k(e,c,f,j,h,m)local n=h-g"local_tab_at"if m and b.c.keep_local_tab and(n<0 or n>=5)then
d("local_tab_at",h)if not a.u(e)then
v("keep-local-tab",function(b)return a.x(b,c:mux_window())end)end
end
if g"started"==0 then
if not i()then
d("started",1)else
v("startup",function(b)d("started",1)a.g(b,c,f,"show")end)end
end
l(c,f,j)end
function i()return(b.c.attach or b.b.attach)=="startup"end
function k(k,c,g,d,e,h)local i=a.aq()local j=a.e(e)local f=a.aA(i,{x=e,G=h,u=j,status=d})a.I(f.i)if i.d==0 and f.i.d>0 and(d and d.vm.state)=="running"then
r(c,"The connection to the VM was lost.")end
if not h and not j then
a.ac(k,c,g,e)end
if f.attach and b.c.reattach then
v("reattach",function(b)return a.j(b,c,g,"stay")end)end
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
function a.P(f,d)local e=a.aj(d)if e~=""then
return e
end
local c=a.az(f,d,{p=b.c.status=="always"})if not b.w then
return c
end
return c==""and"ascalon: versions differ"or c..", versions differ"end
function a.av()a.ar()p("window-config-reloaded",function()return a.y(e)end)p("update-status",function(d,c)a.y(e)if b.c.status==false then
a.af(c)else
c:set_right_status(a.P(z(),j()))end
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
p(c,function(d,c)return a.aw(c,b)end)end
end
end
function a.as()if b.c.palette and d"ascalon.palette"then
a.l()end
if not d"ascalon.handlers"then
return
end
p(t.attach,function(b,c,d)return a.F(b,c,d,"show")end)p(t.new_tab,function(b,c,d)return a.F(b,c,d,"tab")end)p(t.detach,a.X)p(t.new_local_tab,a.ai)p(t.menu,a.ay)p(t.docs,a.ak)e()b.L=e
a.au(function(d,c,e,b)if C(b,"ascalon.")then
O(c,B(b))else
a.ax(d,c,e,b)end
end)a.at()a.av()end
end
do
local e
function e(b)if#b~=1 then
return false
end
local a=string.byte(b,1)or 0/0
return a>=65 and a<=90 or a>=97 and a<=122
end
function a.D(a)local b=x(a,"+")if b<0 or b==#a-1 then
return
end
return{mods=y(a,0,b),key=y(a,b+1)}end
local f={CMD="SUPER",WIN="SUPER",SUPER="SUPER",OPT="ALT",META="ALT",ALT="ALT",CTRL="CTRL",SHIFT="SHIFT",LEADER="LEADER"}function a.m(g,h)local b={}for d,c in c(n(J(n(string.upper(h)," "),""),"|"))do
local a=f[c]if a then
b[a]=true
end
end
local a=g
for c,b in c{"phys:","mapped:","raw:"}do
if C(a,b)then
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
return a.D(b.b.key)end
elseif c~=false then
local a=g(c)if a then
return a
end
q("keys."..e..' is false, "CMD|SHIFT+A" or { key = …, mods = … }')return d(e,nil)end
end
function g(b)if i(b)=="string"then
return a.D(b)end
local c=k(b)local d=e(c.key)if not d then
return
end
return{key=d,mods=e(c.mods)or""}end
function h(b,d)for c,b in c(b)do
if i(b.key)=="string"and a.m(b.key,b.mods or"")==d then
return true
end
end
return false
end
function a.Q()local e=k(b.c.keys)T(e,H,"keys.")local a={}for f,b in c(H)do
local c=d(b,e[b])if c then
a[#a+1]={key=c.key,mods=c.mods,action=B(t[b])}end
end
return a
end
function a.S(e)if b.c.keys==false then
return
end
local g=e.keys or{}local d={}for e,c in c(a.Q())do
local b=a.m(c.key,c.mods or"")if not h(g,b)then
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
u.action[a]=B(t[a])end
function u.apply_to_config(c,d)if not f.gui then
return c
end
b.I=c
w("options",function()b.c=a.H(d)end)w("plugin.json",a.z)w("domains",function()return a.R(c)end)w("keys",function()return a.S(c)end)w("events",a.as)return c
end
function u.keys()w("plugin.json",R)return a.Q()end
u.palette_entries=a.C
u.chain_palette=a.l
function u.status_text(d)local b,c=m(function()return a.P(z(),j())end)return b and c or""end
return u
