// Made by `npm run gen` from the command table; do not edit.
/** A line an entry: its argv, what the palette says, its icon without md_, and how it runs when not in a tab. */
export const paletteRows =
  "up;Start the VM;play\nshell;Shell in the VM;console\nstatus;Show the VM's status;information\nstop;Stop the VM;stop;silent\nrestart;Restart the VM;restart\nrebuild;Rebuild the guest;hammer_wrench\nheal;Repair the links;bandage;silent\ndoctor;Check for problems (doctor);stethoscope\nlogs;Show the logs;text_box_search\nagent logs;Show the agent's log;text_box\nconfig edit;Edit the settings;cog";
