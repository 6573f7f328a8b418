# Stands in for the file of that name in nixpkgs: drivers, which no test here is about.
{ }
