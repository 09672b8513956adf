# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_hosttune_global_optspecs
    string join \n root= format= color= v/verbose q/quiet h/help V/version
end

function __fish_hosttune_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_hosttune_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_hosttune_using_subcommand
    set -l cmd (__fish_hosttune_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c hosttune -n "__fish_hosttune_needs_command" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_needs_command" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_needs_command" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_needs_command" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_needs_command" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_needs_command" -s V -l version -d 'Print version'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "apply" -d 'Bring the host to what a profile says: shown first, journalled, read back'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "check" -d 'Prove every setting of a profile on every layer that can be looked at'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "preflight" -d 'Say which limit stops or degrades a workload on this host, and at which node'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "explain" -d 'Say which limit is behind a message or a log, or what a limit or a setting is'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "rehearse" -d 'Take a workload\'s footprint for real, find where the host stops, and leave nothing behind'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "confirm" -d 'Keep what `apply --confirm-within` brought about; else it reverts by itself'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "revert" -d 'Undo the last apply, exactly'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "facts" -d 'Keep what check and preflight read of this host in one file, to answer from elsewhere'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "status" -d 'Say in five lines which profile is in force and how it stands'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "history" -d 'List every apply and what became of it'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "install" -d 'Put hosttune itself on the host: program, profiles, man pages, completions'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "uninstall" -d 'Take away what install put there, and put back what was there before it'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "profile" -d 'List, show, lint, compare and import profiles'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "generate" -d 'Write man pages, completions and reference pages'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "rehearse-guard" -d 'Hold the stand-ins of a rehearsal, and take them away when nobody asks for them any more'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "rehearse-sweep" -d 'Wait for the end of a rehearsal of Docker\'s containers, and take away what it leaves'
complete -c hosttune -n "__fish_hosttune_needs_command" -f -a "inside" -d 'Print what is seen from here: what `check --probe-container` runs in its container'
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -l profile -d 'The profile: a name, or the path of a file. Without it, the one in force again' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -l restart -d 'Restart UNIT at the end, even if that stops containers. May be given again' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -l confirm-within -d 'Revert by itself, at the next boot at the latest, unless `hosttune confirm` is run within TIME: 10s to 24h' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -l dry-run -d 'Show the plan and change nothing'
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -s y -l yes -d 'Do not ask'
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -l script -d 'Print the plan as a shell script, and change nothing'
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand apply" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l profile -d 'The profile: a name, or the path of a file. Without it, the one in force' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l retry-for -d 'Look again until everything is met, for so long at most (30s, 5m, 1500ms)' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l facts -d 'Answer from the recording FILE instead of this host. Preflight takes it several times: a host each, which share the nodes' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l assume -d 'What if the host had: cpus=40,memory=251G,kernel=6.1,numa=2,pid1-answer=0.5ms. What the kernel and systemd derive from that is derived again, where it is their default now' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l record -d 'Keep what this run reads of the host in FILE, for --facts' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l boot -d 'Show what the last boot that was verified came to, against what the apply had let it expect'
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l record-boot -d 'Keep a receipt of this boot: what hosttune-verify.service runs'
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -l probe-container -d 'Make a container for a moment, to see what a new one gets: an image with this program alone, a container without network, both removed again'
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l profile -d 'The profile whose workload section is asked about. Without it, the one in force' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l compose -d 'Read a Compose project instead: its services, networks, ports, bounds and restart policies' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l scale -d 'So many containers of a service, which makes it a node: host-nodes=600. May be given again' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l dind -d 'Containers of this service run a Docker of their own. May be given again' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l nodes -d 'How many nodes; or of each kind, in the order in which they start: host=300,dind=100' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l order -d 'How the kinds of a mix follow each other: in-turn or interleaved' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l jobs-per-node -d 'Job containers beside each node\'s own, or inside it: N, or host=N,dind=N' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l node-network -d 'Network of a node\'s own container: bridge, host, none, per-node, bridges:N or the name of a Docker network' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l job-network -d 'Network of its jobs; those of a DinD node are inside it' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l published-ports -d 'Ports of the host published for each node' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l tty -d 'Who has a terminal (-t): none, nodes, jobs or all' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l restart -d 'Restart policy; always and unless-stopped start everything together at boot' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l node-processes -d 'Processes of a node\'s own container' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l job-processes -d 'Processes of a job' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l node-files -d 'Files that a node\'s programs hold open' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l job-files -d 'Files that a job\'s programs hold open' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l node-memory -d 'Memory that a node\'s programs use, such as 270M' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l job-memory -d 'Memory that a job\'s programs use' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l node-cpus -d 'Processors that a node uses on average, such as 0.04' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l job-cpus -d 'Processors that a job uses on average' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l image-size -d 'Images of a node, unpacked; a DinD node keeps its own copy' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l starts-at-once -d 'Containers whose starts are in flight together, or `all`' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l with-profile -d 'Set before and after side by side, as if this profile held; nothing is applied' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l why -d 'Show the arithmetic of one limit, at one place or at all, with every number\'s origin' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l facts -d 'Answer from the recording FILE instead of this host. Preflight takes it several times: a host each, which share the nodes' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l assume -d 'What if the host had: cpus=40,memory=251G,kernel=6.1,numa=2,pid1-answer=0.5ms. What the kernel and systemd derive from that is derived again, where it is their default now' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l record -d 'Keep what this run reads of the host in FILE, for --facts' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand preflight" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -l file -d 'Read a message or a whole log from FILE, which may be a pipe: docker\'s, compose\'s, dmesg\'s, the journal\'s in text or JSON, or plain lines' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -l text -d 'Explain this one message, whatever is in it' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -l journal -d 'Read the journal since a moment: 2h, today, "2026-11-26 09:00", as journalctl knows it' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -l facts -d 'Answer from the recording FILE instead of this host. Preflight takes it several times: a host each, which share the nodes' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -l assume -d 'What if the host had: cpus=40,memory=251G,kernel=6.1,numa=2,pid1-answer=0.5ms. What the kernel and systemd derive from that is derived again, where it is their default now' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -l record -d 'Keep what this run reads of the host in FILE, for --facts' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -l no-live -d 'Judge by the words alone; ask no host'
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand explain" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l profile -d 'The profile whose workload section is asked about. Without it, the one in force' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l compose -d 'Read a Compose project instead: its services, networks, ports, bounds and restart policies' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l scale -d 'So many containers of a service, which makes it a node: host-nodes=600. May be given again' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l dind -d 'Containers of this service run a Docker of their own. May be given again' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l nodes -d 'How many nodes; or of each kind, in the order in which they start: host=300,dind=100' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l order -d 'How the kinds of a mix follow each other: in-turn or interleaved' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l jobs-per-node -d 'Job containers beside each node\'s own, or inside it: N, or host=N,dind=N' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l node-network -d 'Network of a node\'s own container: bridge, host, none, per-node, bridges:N or the name of a Docker network' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l job-network -d 'Network of its jobs; those of a DinD node are inside it' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l published-ports -d 'Ports of the host published for each node' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l tty -d 'Who has a terminal (-t): none, nodes, jobs or all' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l restart -d 'Restart policy; always and unless-stopped start everything together at boot' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l node-processes -d 'Processes of a node\'s own container' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l job-processes -d 'Processes of a job' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l node-files -d 'Files that a node\'s programs hold open' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l job-files -d 'Files that a job\'s programs hold open' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l node-memory -d 'Memory that a node\'s programs use, such as 270M' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l job-memory -d 'Memory that a job\'s programs use' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l node-cpus -d 'Processors that a node uses on average, such as 0.04' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l job-cpus -d 'Processors that a job uses on average' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l image-size -d 'Images of a node, unpacked; a DinD node keeps its own copy' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l starts-at-once -d 'Containers whose starts are in flight together, or `all`' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l engine -d 'What stands in for a container' -r -f -a "kernel\t'The same footprint by kernel calls alone: no Docker, no image'
docker\t'Containers of Docker\'s'"
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l budget -d 'Start nothing more after TIME (30s, 5m)' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l to-the-limit -d 'Go on until something is refused. Without it a fifth of what is free at each ceiling is left to everybody else'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l calibrate -d 'Keep what the stand-ins took on this host, for preflight to reckon with'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -l clean -d 'Take away what an earlier rehearsal left, and start nothing'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand confirm" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand confirm" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand confirm" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand confirm" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand confirm" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand confirm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand revert" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand revert" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand revert" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand revert" -l all -d 'Undo every apply'
complete -c hosttune -n "__fish_hosttune_using_subcommand revert" -l force -d 'Restore values too that somebody else has changed since'
complete -c hosttune -n "__fish_hosttune_using_subcommand revert" -l unconfirmed -d 'Undo ID only if nobody has confirmed it: what its timer runs'
complete -c hosttune -n "__fish_hosttune_using_subcommand revert" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand revert" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand revert" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -l output -d 'Write to FILE instead of printing' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -l profile -d 'A profile that `check` will be asked about: a name, or the path of a file. May be given again. Those in the search path and the one in force are always among them' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -l facts -d 'Take everything that the recording FILE holds instead of asking this host' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -l assume -d 'What if the host had: cpus=40,memory=251G,kernel=6.1,numa=2,pid1-answer=0.5ms. What the kernel and systemd derive from that is derived again, where it is their default now' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -l force -d 'Replace FILE if it is there'
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand facts" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand status" -l facts -d 'Answer from the recording FILE instead of this host. Preflight takes it several times: a host each, which share the nodes' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand status" -l assume -d 'What if the host had: cpus=40,memory=251G,kernel=6.1,numa=2,pid1-answer=0.5ms. What the kernel and systemd derive from that is derived again, where it is their default now' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand status" -l record -d 'Keep what this run reads of the host in FILE, for --facts' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand status" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand status" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand status" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand status" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand status" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand history" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand history" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand history" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand history" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand history" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand history" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand install" -l prefix -d 'The folder to install below' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand install" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand install" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand install" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand install" -l force -d 'Replace files of the same names that no install put there; uninstall puts them back'
complete -c hosttune -n "__fish_hosttune_using_subcommand install" -l dry-run -d 'Show what would be done and change nothing'
complete -c hosttune -n "__fish_hosttune_using_subcommand install" -s y -l yes -d 'Do not ask'
complete -c hosttune -n "__fish_hosttune_using_subcommand install" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand install" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand uninstall" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand uninstall" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand uninstall" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand uninstall" -l force -d 'Take away files too that somebody else has changed since'
complete -c hosttune -n "__fish_hosttune_using_subcommand uninstall" -l dry-run -d 'Show what would be done and change nothing'
complete -c hosttune -n "__fish_hosttune_using_subcommand uninstall" -s y -l yes -d 'Do not ask'
complete -c hosttune -n "__fish_hosttune_using_subcommand uninstall" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand uninstall" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand uninstall" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -f -a "list" -d 'List every profile in the search path, which is in force, and which is shadowed'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -f -a "show" -d 'Print a profile with its includes merged: each line with its origin and over whom it won'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -f -a "lint" -d 'Check profiles without a host: what is refused, what contradicts, what raises no capacity'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -f -a "diff" -d 'Compare the settings of two profiles by key and by what their values mean'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -f -a "import" -d 'Print a profile that sets what other tools\' files or a shell script set; nothing is run'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and not __fish_seen_subcommand_from list show lint diff import derive" -f -a "derive" -d 'Print the smallest profile with which a workload fits on this host'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from list" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from list" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from show" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from show" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from lint" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from lint" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from lint" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from lint" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from lint" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from lint" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from diff" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from diff" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from diff" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from diff" -l strict -d 'Exit with 1 also where a wish differs (exact, at least, at most) or only one has a setting'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from diff" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from diff" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from diff" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from import" -l as -d 'What the files are, where neither path nor content tells' -r -f -a "sysctl\t''
limits\t''
docker\t''
unit\t''
modules\t''
tuned\t''
script\t''"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from import" -l unit -d 'The unit that a drop-in is about, where its path does not tell' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from import" -s o -l output -d 'Write the profile to FILE instead of printing it' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from import" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from import" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from import" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from import" -l force -d 'Overwrite the file that --output names'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from import" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l profile -d 'The profile whose workload section is asked about. Without it, the one in force' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l compose -d 'Read a Compose project instead: its services, networks, ports, bounds and restart policies' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l scale -d 'So many containers of a service, which makes it a node: host-nodes=600. May be given again' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l dind -d 'Containers of this service run a Docker of their own. May be given again' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l nodes -d 'How many nodes; or of each kind, in the order in which they start: host=300,dind=100' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l order -d 'How the kinds of a mix follow each other: in-turn or interleaved' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l jobs-per-node -d 'Job containers beside each node\'s own, or inside it: N, or host=N,dind=N' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l node-network -d 'Network of a node\'s own container: bridge, host, none, per-node, bridges:N or the name of a Docker network' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l job-network -d 'Network of its jobs; those of a DinD node are inside it' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l published-ports -d 'Ports of the host published for each node' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l tty -d 'Who has a terminal (-t): none, nodes, jobs or all' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l restart -d 'Restart policy; always and unless-stopped start everything together at boot' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l node-processes -d 'Processes of a node\'s own container' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l job-processes -d 'Processes of a job' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l node-files -d 'Files that a node\'s programs hold open' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l job-files -d 'Files that a job\'s programs hold open' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l node-memory -d 'Memory that a node\'s programs use, such as 270M' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l job-memory -d 'Memory that a job\'s programs use' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l node-cpus -d 'Processors that a node uses on average, such as 0.04' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l job-cpus -d 'Processors that a job uses on average' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l image-size -d 'Images of a node, unpacked; a DinD node keeps its own copy' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l starts-at-once -d 'Containers whose starts are in flight together, or `all`' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l reserve -d 'What every bound keeps free above the need, in per cent of it' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -s o -l output -d 'Write the profile to FILE instead of printing it' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l facts -d 'Derive from the recording FILE instead of this host' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l assume -d 'What if the host had: cpus=40,memory=251G, as in `preflight`' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -l force -d 'Overwrite the file that --output names'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand profile; and __fish_seen_subcommand_from derive" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand generate" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand generate" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand generate" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand generate" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand generate" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-guard" -l socket -d 'Where hosttune listens; without it, standard input is the connection' -r
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-guard" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-guard" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-guard" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-guard" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-guard" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-guard" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-sweep" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-sweep" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-sweep" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-sweep" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-sweep" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand rehearse-sweep" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c hosttune -n "__fish_hosttune_using_subcommand inside" -l root -d 'Work on the file tree below DIR: stored files only, nothing that runs' -r -F
complete -c hosttune -n "__fish_hosttune_using_subcommand inside" -l format -d 'How to print the result' -r -f -a "text\t'For people'
json\t'One JSON document'"
complete -c hosttune -n "__fish_hosttune_using_subcommand inside" -l color -d 'When to use colour; NO_COLOR and CLICOLOR_FORCE are honoured under `auto`' -r -f -a "auto\t'On a terminal'
always\t'Always'
never\t'Never'"
complete -c hosttune -n "__fish_hosttune_using_subcommand inside" -l stay -d 'Print nothing, and stay until somebody ends it: what stands in for a container\'s program'
complete -c hosttune -n "__fish_hosttune_using_subcommand inside" -s v -l verbose -d 'Say more: diffs, every layer, every limit'
complete -c hosttune -n "__fish_hosttune_using_subcommand inside" -s q -l quiet -d 'Print nothing but errors; the exit code says the rest'
complete -c hosttune -n "__fish_hosttune_using_subcommand inside" -s h -l help -d 'Print help (see more with \'--help\')'
