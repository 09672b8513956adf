//! Man pages and completions, made from the table of arguments that the program itself reads.

use crate::args::Arguments;
use clap::CommandFactory;
use clap_complete::Shell;

/// A file by its name.
pub(crate) type Document = (String, Vec<u8>);

/// The man page of the program, and those of its commands.
pub(crate) fn man_pages() -> Vec<Document> {
    let mut command = Arguments::command();
    command.build();
    let mut pages = Vec::new();
    collect(&command, &mut pages);
    pages
}

fn collect(command: &clap::Command, pages: &mut Vec<Document>) {
    let name = command.get_display_name().unwrap_or("hosttune");
    let mut page = Vec::new();
    // Writing to memory does not fail.
    let _ = clap_mangen::Man::new(command.clone()).render(&mut page);
    pages.push((format!("{name}.1"), page));
    let shown = command.get_subcommands().filter(|sub| !sub.is_hide_set());
    shown.for_each(|sub| collect(sub, pages));
}

/// What `shell` completes the command line with.
pub(crate) fn completion(shell: Shell) -> Vec<u8> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "hosttune", &mut text);
    text
}
