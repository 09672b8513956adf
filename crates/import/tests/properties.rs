//! Laws: no bytes make import panic or take long, and what it says lies inside the file.

use import::{FORMATS, Format, Input, import};
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn lawful(content: &[u8], format: Option<Format>) -> Result<(), TestCaseError> {
    let input = Input {
        path: "any",
        content,
        format,
        unit: Some("any.service"),
    };
    let lines = content.split(|byte| *byte == b'\n').count();
    let (spans, messages): (Vec<_>, Vec<_>) = match import(&[input]) {
        Ok(imported) => {
            let gaps = imported.unexpressed.into_iter().chain(imported.assumed);
            let (mut spans, messages): (Vec<_>, Vec<_>) =
                gaps.map(|gap| (gap.span, gap.message)).unzip();
            for entry in imported.entries {
                let open = |c: char| ('\u{e000}'..='\u{f8ff}').contains(&c);
                prop_assert!(!entry.value.contains(open) && !entry.key.contains(open));
                spans.push(entry.span);
            }
            (spans, messages)
        }
        Err(rejections) => rejections.into_iter().map(|r| (r.span, r.message)).unzip(),
    };
    for span in spans {
        prop_assert!((1..=lines).contains(&span.line), "{span} of {lines} lines");
    }
    for message in messages {
        prop_assert!(message.len() < 4000, "{} bytes", message.len());
    }
    Ok(())
}

fn script() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "cat ",
        "> /etc/sysctl.d/a.conf",
        ">> $F",
        "<<EOF",
        "<<-'E'",
        "\nEOF\n",
        "\nE\n",
        "\n",
        "vm.a = 1",
        "F=/etc/sysctl.conf",
        "$F",
        "${F:-x}",
        "$(",
        ")",
        "(",
        "((",
        "))",
        "`",
        "'",
        "\"",
        "\\",
        "{ ",
        " }",
        "; ",
        " | tee ",
        " && ",
        " || ",
        "if ",
        "then ",
        "fi",
        "case x in ",
        "esac",
        "for a in b",
        "do ",
        "done",
        "sysctl -w ",
        "echo ",
        "-e ",
        "\\n",
        "printf '%s\\n' ",
        "sudo ",
        "sh -c ",
        "/etc/docker/daemon.json",
        "{\"mtu\": ",
        "}",
        "* soft nofile 5",
        "[Service]",
        "TasksMax=",
        "#",
        "\t",
        "$((",
        "${",
        "<<<",
        "<(",
        "2>&1",
        "\u{e000}",
        "é",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_answered(content in prop::collection::vec(any::<u8>(), 0..200)) {
        lawful(&content, None)?;
        for (_, format) in FORMATS {
            lawful(&content, Some(format))?;
        }
    }

    #[test]
    fn any_script_is_answered(script in script()) {
        lawful(script.as_bytes(), None)?;
        for (_, format) in FORMATS {
            lawful(script.as_bytes(), Some(format))?;
        }
    }
}

/// What would take the square of its length, or grow without end, were it read naively.
#[test]
fn hostile_scripts_do_not_take_long() {
    let doubling: String = (0..40)
        .map(|n| format!("A{}=$A{n}$A{n}$A{n}\n", n + 1))
        .collect();
    for script in [
        "$(".repeat(200_000),
        "((a) ".repeat(100_000) + &") ".repeat(200_000),
        "`a\n".repeat(100_001),
        "'a\" ".repeat(100_001),
        "${a".repeat(100_000),
        format!("A0=x\n{doubling}sysctl -w vm.a=$A40\n"),
        "A=$A$A\nsysctl -w vm.a=$A\n".repeat(2_000),
        "( ".repeat(200_000),
        "{ echo a; ".repeat(20_000) + &"} > f; ".repeat(20_000),
        "echo $a$b$c$d > /etc/sysctl.conf\n".repeat(20_000),
        "cat <<E | ".repeat(50_000),
    ] {
        let started = Instant::now();
        lawful(script.as_bytes(), Some(Format::Script)).unwrap();
        let took = started.elapsed();
        assert!(
            took < Duration::from_secs(30),
            "{took:?}: {}",
            &script[..20]
        );
    }
    let tuned = format!(
        "[variables]\na={}\n[sysctl]\nvm.a={}\n",
        "x".repeat(300_000),
        "${a}".repeat(100_000)
    );
    lawful(tuned.as_bytes(), Some(Format::Tuned)).unwrap();
}
