/**
 * The part of WezTerm's Lua API that the plugin uses. `since` names the first release that has it; the plugin
 * supports 20240203 and later.
 *
 * sync: may be called anywhere in an event. async: yields to WezTerm's scheduler and so raises "attempt to yield
 * from outside a coroutine" in a sync event (augment-command-palette, format-tab-title, format-window-title) and
 * "attempt to yield across a C-call boundary" while a module is required (wezterm#2401). Async methods ask for a
 * receiver branded `Async`, which only the handlers of coroutine events are given; async functions are members of
 * AsyncHost, which only those handlers are given. Calling one from a sync handler is a type error.
 * Not typed although they work in newer builds: wezterm.serde (not in 20240203).
 *
 * @noSelf
 * @noResolution
 */
declare module "wezterm" {
  export type Async<T> = T & { readonly __yields: true };

  /** sync, since 20190512 */
  export function log_info(...values: unknown[]): void;
  /** sync, since 20210314 */
  export function log_warn(...values: unknown[]): void;
  /** sync, since 20190512 */
  export function log_error(...values: unknown[]): void;
  /** sync, since 20201031; the first handler alone runs for sync events, all in order for the others */
  export function on(event: string, handler: (this: void, ...args: never[]) => unknown): void;
  /** sync, since 20220807; raises for text that is not JSON; null becomes nil */
  export function json_parse(text: string): unknown;
  /** sync, since 20220807 */
  export function json_encode(value: unknown): string;
  /** sync, since 20220101; raises nothing when no program can be found */
  export function open_with(target: string): void;
  /** sync, since 20200607 */
  export function hostname(): string;
  /** sync, since 20210814 */
  export function add_to_config_reload_watch_list(path: string): void;
  /** sync, since 20230320; its fields raise for what WezTerm cannot take, a key that it does not know for one */
  export function config_builder(): Config;
  /** sync, since 20211204; each call registers one more event, so never inside a handler */
  export function action_callback(
    handler: (window: Async<Window>, pane: Async<Pane>, ...args: never[]) => void,
  ): KeyAction;

  /** since 20210314 */
  export const home_dir: string;
  /** since 20210314; nixpkgs builds say `0-unstable-DATE` */
  export const version: string;
  /** since 20201031 */
  export const executable_dir: string;
  /** since 20201031 */
  export const target_triple: string;
  /** since 20220807; nil in the mux server and the command line: the mark of a GUI process */
  export const gui: Gui | undefined;
  /** since 20220624; scalars and tables only, copied in and out; lives as long as the process */
  export const GLOBAL: Record<string, string | number | boolean | undefined>;
  /** since 20220807; functions raise "cannot get Mux!?" while no mux exists: use in events only */
  export const mux: Mux;
  /** since 20220807 */
  export const time: Time;
  /** since 20210203 */
  export const action: Actions;

  export interface Mux {
    /** sync, since 20230320; nil for an unknown name */
    readonly get_domain: (this: void, name: string) => Domain | undefined;
    /** sync, since 20220624; raises for a pane that is gone */
    readonly get_pane: (this: void, id: number) => Pane;
    /** sync, since 20220807 */
    readonly all_windows: (this: void) => MuxWindow[];
  }

  export interface Time {
    /** sync, since 20220807; dropped when the configuration is reloaded before it is due */
    readonly call_after: (this: void, seconds: number, handler: (this: void) => void) => void;
  }

  export interface Gui {
    /** sync, since 20230320; those on the screen, hence none of another workspace */
    readonly gui_windows: (this: void) => Window[];
  }

  /** The wezterm module as an event that WezTerm runs as a coroutine may use it. */
  export interface AsyncHost {
    /** async, since 20200503; raises when the program is missing; has no timeout */
    readonly run_child_process: (
      this: void,
      argv: readonly string[],
    ) => LuaMultiReturn<[boolean, string, string]>;
    /** async, since 20201031; a reload in between does not end it */
    readonly sleep_ms: (this: void, milliseconds: number) => void;
    /** async, since 20201031; runs all handlers; raises what a handler raises */
    readonly emit: (this: void, event: string, ...args: unknown[]) => boolean;
    readonly mux: {
      readonly get_domain: (this: void, name: string) => Async<Domain> | undefined;
      readonly get_pane: (this: void, id: number) => Async<Pane>;
      readonly all_windows: (this: void) => Async<MuxWindow>[];
    };
    readonly gui: { readonly gui_windows: (this: void) => Async<Window>[] };
  }

  /** MuxDomain */
  export interface Domain {
    /** sync, since 20230320 */
    name(): string;
    /** sync, since 20230320; `Detached` also while an attach is pending */
    state(): "Attached" | "Detached";
    /** sync, since 20230320 */
    has_any_panes(): boolean;
    /** sync, since 20230320; raises when the domain cannot be detached */
    detach(): void;
    /**
     * async, since 20230320; raises what went wrong as a userdata. Without the window, the VM opens in a new one.
     */
    attach(this: Async<Domain>, window?: MuxWindow): void;
  }

  export interface Window {
    /** sync, since 20201031 */
    window_id(): number;
    /** sync, since 20220807; gives one for a window that is gone too, whose other methods raise then */
    mux_window(this: Async<Window>): Async<MuxWindow>;
    mux_window(): MuxWindow;
    /** sync, since 20210502; macOS shows it only for signed builds, and newer unsigned ones end with the process */
    toast_notification(title: string, text: string, url: string | undefined, timeoutMs: number): void;
    /** sync, since 20210314; asks for one update-status a second later, also when the text is the same */
    set_right_status(text: string): void;
    /** sync, since 20230320 */
    focus(): void;
    /** async, since 20201031; raises "pane id N is not valid" for a pane that is gone */
    perform_action(this: Async<Window>, action: KeyAction, pane: Pane): void;
  }

  export interface Pane {
    /** sync, since 20201031 */
    pane_id(): number;
    /** sync, since 20220624; raises "pane id N not found in mux" for a pane that is gone */
    get_domain_name(): string;
    /** sync, since 20201031; a Url since 20240127 */
    get_current_working_dir(): Url | undefined;
    /** sync, since 20201031; nil when the pane's program has ended */
    get_foreground_process_name(): string | undefined;
    /** sync, since 20220807; nil for a pane that is gone */
    tab(): Tab | undefined;
    /** sync, since 20220807 */
    window(): MuxWindow | undefined;
  }

  /** MuxTab */
  export interface Tab {
    /** sync, since 20220807 */
    panes(): Pane[];
    /** sync, since 20230408; which of its panes has the focus, and its zoom, stay */
    activate(): void;
  }

  export interface MuxWindow {
    /** sync, since 20220807 */
    window_id(): number;
    /** sync, since 20220807 */
    tabs(): Tab[];
    /** sync, since 20230408; raises for a window that is gone */
    active_tab(): Tab | undefined;
    /** sync, since 20230408; raises for a window that is gone */
    active_pane(): Pane | undefined;
    /** sync, since 20220807 */
    get_workspace(): string;
    /** async, since 20220807; raises when the window is in a workspace that is not shown */
    gui_window(this: Async<MuxWindow>): Window | undefined;
    /** async, since 20220624; raises when the program or the domain cannot be had */
    spawn_tab(this: Async<MuxWindow>, command: SpawnTab): LuaMultiReturn<[Tab, Pane, MuxWindow]>;
  }

  export interface SpawnTab {
    readonly domain: { readonly DomainName: string };
    readonly args?: readonly string[] | undefined;
    readonly cwd?: string | undefined;
  }

  export interface Url {
    readonly scheme: string;
    readonly host: string | undefined;
    readonly file_path: string;
  }

  /** What `config.keys[n].action` takes; opaque. */
  export interface KeyAction {
    readonly __keyAction: true;
  }

  export interface Actions {
    readonly EmitEvent: (this: void, event: string) => KeyAction;
    /** since 20220319 */
    readonly SwitchToWorkspace: (this: void, to: { readonly name: string }) => KeyAction;
    /** since 20230408; `description` since 20240127 */
    readonly InputSelector: (
      this: void,
      options: {
        readonly title: string;
        readonly description: string;
        readonly choices: readonly { readonly label: string; readonly id: string }[];
        readonly action: KeyAction;
      },
    ) => KeyAction;
  }

  export interface KeyBinding {
    readonly key: string;
    readonly mods?: string | undefined;
    readonly action: KeyAction;
  }

  export interface UnixDomain {
    readonly name: string;
    readonly socket_path?: string;
    readonly proxy_command?: readonly string[];
    readonly no_serve_automatically?: boolean;
  }

  /** Of the lists that the plugin only looks through. */
  export interface NamedDomain {
    readonly name: string;
  }

  /** A plain table, or what config_builder() returns: an unknown field raises. */
  export interface Config {
    keys?: readonly KeyBinding[];
    unix_domains?: readonly UnixDomain[];
    readonly ssh_domains?: readonly NamedDomain[];
    readonly exec_domains?: readonly NamedDomain[];
    readonly wsl_domains?: readonly NamedDomain[];
    readonly tls_clients?: readonly NamedDomain[];
    readonly enable_tab_bar?: boolean;
    readonly hide_tab_bar_if_only_one_tab?: boolean;
  }

  export interface PaletteCommand {
    readonly brief: string;
    readonly doc?: string;
    readonly icon?: string;
    readonly action: KeyAction;
  }
}
