// Made by `npm run gen` from the command table; do not edit.
/** A line an entry: its argv, what the palette says, its icon, how it runs. */
export const paletteRows =
  "up;Start the VM;md_play;tab\nshell;Shell in the VM;md_console;tab\nstatus;Show the VM's status;md_information;tab\nstop;Stop the VM;md_stop;silent\nrestart;Restart the VM;md_restart;tab\nrebuild;Rebuild the guest;md_hammer_wrench;tab\nheal;Repair the links;md_bandage;silent\ndoctor;Look for what is wrong (doctor);md_stethoscope;tab\nlogs;Show the logs;md_text_box_search;tab\nagent logs;Show the agent's log;md_text_box;tab\nconfig edit;Edit the settings;md_cog;tab";
