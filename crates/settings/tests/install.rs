//! The laws of installing: what was there before comes back exactly, over upgrades too, and after a
//! kill at any deed; and an install is no profile.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test")]

use model::{Host, Image};
use settings::{
    ApplyError, Content, InstallPlan, Item, Journal, Release, Standing, State, install, revert,
};
use std::collections::BTreeMap;
use testkit::FakeHost;

const BINARY: &str = "/etc/local/bin/hosttune";
const PAGE: &str = "/etc/local/man/hosttune.1";

fn host() -> FakeHost {
    FakeHost::new().directory("/etc/local").program("version 1")
}

/// Another version of the program.
fn newer(host: FakeHost) -> FakeHost {
    host.program("version 2")
}

fn items(host: &FakeHost) -> Vec<Item> {
    let program = host.program_fingerprint().as_program_of_root();
    let page = Image::text(format!("page of {}\n", program.sha256));
    vec![
        Item {
            path: BINARY.to_owned(),
            content: Content::Program(program),
        },
        Item {
            path: PAGE.to_owned(),
            content: Content::Image(page),
        },
    ]
}

fn plan(host: &FakeHost) -> InstallPlan {
    InstallPlan::new(host, &Journal::load(host).unwrap(), &items(host)).unwrap()
}

fn put(host: &FakeHost) -> Result<u32, ApplyError> {
    let release = Release {
        version: "1".to_owned(),
        prefix: "/etc/local".to_owned(),
    };
    let mut journal = Journal::load(host).unwrap();
    install(host, &release, &plan(host), &mut journal, &mut |_| {})
}

fn uninstall(host: &FakeHost) {
    let mut journal = Journal::load(host).unwrap();
    let ids = journal.to_uninstall(false);
    let reverted = revert(host, &mut journal, &ids, false).unwrap();
    assert!(
        reverted.iter().all(|one| !one.is_incomplete()),
        "{reverted:#?}"
    );
}

fn kept(host: &FakeHost) -> Vec<String> {
    host.list("/var/lib/hosttune/kept").unwrap_or_default()
}

fn etc(host: &FakeHost) -> BTreeMap<String, Image> {
    host.etc()
}

#[test]
fn an_upgrade_and_an_uninstall_leave_what_was_there_before_the_first() {
    for foreign in [None, Some(Image::text("by hand\n")), Some(link())] {
        let host = host();
        if let Some(image) = foreign.clone() {
            host.put(BINARY, image);
        }
        let before = etc(&host);
        let planned = plan(&host);
        assert_eq!(planned.foreign.len(), usize::from(foreign.is_some()));
        put(&host).unwrap();
        assert!(plan(&host).actions.is_empty(), "a second plan is empty");
        let host = newer(host);
        assert!(plan(&host).foreign.is_empty(), "the former install is ours");
        put(&host).unwrap();
        assert_eq!(host.text(BINARY).as_deref(), Some("version 2"));
        assert!(kept(&host).len() <= 1, "{:?}", kept(&host));
        let states: Vec<State> = Journal::load(&host)
            .unwrap()
            .records
            .iter()
            .map(|record| record.state)
            .collect();
        assert_eq!(states, [State::Superseded, State::Applied]);
        uninstall(&host);
        assert_eq!(etc(&host), before);
        assert!(kept(&host).is_empty());
    }
}

fn link() -> Image {
    Image::Link {
        target: "/opt/hosttune".to_owned(),
    }
}

#[test]
fn a_kill_at_any_deed_of_an_upgrade_goes_back_to_the_version_before() {
    for at in 0.. {
        let host = host();
        let before = etc(&host);
        put(&host).unwrap();
        let first = etc(&host);
        let host = newer(host);
        host.crash_after(at);
        let done = put(&host).is_ok();
        host.revive();
        let mut journal = Journal::load(&host).unwrap();
        if journal.interrupted().is_some() {
            let ids = journal.to_revert(None, false).unwrap();
            revert(&host, &mut journal, &ids, false).unwrap();
            assert_eq!(etc(&host), first, "kill at deed {at}");
            assert!(kept(&host).is_empty(), "kill at deed {at}");
        }
        uninstall(&host);
        assert_eq!(etc(&host), before, "kill at deed {at}");
        // What comes after the record is written may be left to the next install.
        if done && at > 20 {
            break;
        }
    }
}

#[test]
fn a_failure_at_any_deed_of_an_upgrade_leaves_the_version_before() {
    for at in 1.. {
        let host = host();
        put(&host).unwrap();
        let first = etc(&host);
        let host = newer(host);
        host.fail_after(at);
        let result = put(&host);
        host.revive();
        match result {
            Ok(_) if at > 20 => break,
            Ok(_) => {}
            Err(_) => assert_eq!(etc(&host), first, "failure at deed {at}"),
        }
    }
}

#[test]
fn a_kill_at_any_deed_of_an_uninstall_is_finished_by_the_next() {
    for at in 0.. {
        let host = host();
        host.put(BINARY, Image::text("by hand\n"));
        let before = etc(&host);
        put(&host).unwrap();
        host.crash_after(at);
        let mut journal = Journal::load(&host).unwrap();
        let ids = journal.to_uninstall(false);
        let first = revert(&host, &mut journal, &ids, false);
        host.revive();
        let finished = first.is_ok_and(|all| !all[0].is_incomplete());
        uninstall(&host);
        assert_eq!(etc(&host), before, "kill at deed {at}");
        if finished {
            break;
        }
    }
}

#[test]
fn an_install_is_no_profile_and_no_revert_touches_it() {
    let host = host();
    let id = put(&host).unwrap();
    let journal = Journal::load(&host).unwrap();
    assert!(journal.in_force().is_none());
    assert!(Standing::load(&host).unwrap().in_force.is_none());
    assert!(journal.to_revert(None, true).unwrap().is_empty());
    assert!(journal.to_revert_all(true).is_empty());
    assert!(journal.to_revert(Some(id), false).is_err());
}
