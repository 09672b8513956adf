//! Frames: what a logger puts around a message, taken off layer by layer.

mod json;
mod logfmt;
mod stamp;

use crate::printable::printable;
use std::borrow::Cow;

/// No logger wraps another more often than this.
const MOST_LAYERS: usize = 8;

/// What is left of one layer.
struct Layer<'a> {
    /// The program that spoke, where the frame says so.
    speaker: Option<String>,
    /// The message, perhaps in a further frame.
    rest: Cow<'a, str>,
}

impl<'a> Layer<'a> {
    fn of(rest: impl Into<Cow<'a, str>>) -> Self {
        Self {
            speaker: None,
            rest: rest.into(),
        }
    }
}

/// Takes off one kind of frame; none where the text is in no such frame.
type Frame = for<'a> fn(&'a str) -> Option<Layer<'a>>;

const FRAMES: &[Frame] = &[
    json::unwrap,
    stamp::moment,
    stamp::kernel,
    stamp::service,
    stamp::stream,
    stamp::level,
    logfmt::unwrap,
];

/// The message of a line, printable: without time, host, level and container, behind the name of the program
/// that said it where the frame has one.
pub fn unwrap(line: &str) -> String {
    let mut text = printable(line.trim()).into_owned();
    let mut speaker = None;
    for _ in 0..MOST_LAYERS {
        let layer = FRAMES.iter().find_map(|frame| frame(&text));
        let Some(layer) = layer.map(|layer| (layer.speaker, layer.rest.trim().to_owned())) else {
            break;
        };
        speaker = layer.0.or(speaker);
        text = match printable(&layer.1) {
            Cow::Borrowed(_) => layer.1,
            Cow::Owned(clean) => clean,
        };
    }
    match speaker {
        Some(speaker) if !text.starts_with(&speaker) => format!("{speaker}: {text}"),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_the_same_in_every_frame() {
        let said = "mkdir /x: no space left on device";
        for line in [
            r#"time="2024-05-01T10:00:00.1+02:00" level=error msg="mkdir /x: no space left on device""#,
            r#"{"log":"mkdir /x: no space left on device\n","stream":"stderr","time":"2024-05-01T10:00:00Z"}"#,
            r#"{"log":"time=\"2024-05-01T10:00:00Z\" level=error msg=\"mkdir /x: no space left on device\"\n","stream":"stderr"}"#,
            r#"{"level":"error","ts":1.5,"msg":"mkdir /x: no space left on device"}"#,
            r#"{"MESSAGE":[109,107,100,105,114,32,47,120,58,32,110,111,32,115,112,97,99,101,32,108,101,102,116,32,111,110,32,100,101,118,105,99,101]}"#,
            "node-1  | mkdir /x: no space left on device",
            "\u{1b}[36mnode-1  |\u{1b}[0m mkdir /x: no space left on device",
            "project_node.3.x7k2@host1    | mkdir /x: no space left on device",
            "2024-05-01T10:00:00.123456789Z stderr F mkdir /x: no space left on device",
            "2024/05/01 10:00:00 mkdir /x: no space left on device",
            "[  123.456789] mkdir /x: no space left on device",
            "[123456.456789][ T1234] mkdir /x: no space left on device",
            "[Wed May  1 10:00:00 2024] mkdir /x: no space left on device",
            "kern  :warn  : [  123.456789] mkdir /x: no space left on device",
            "<4>[  123.456789] mkdir /x: no space left on device",
            "ERRO[0012] mkdir /x: no space left on device",
            said,
        ] {
            assert_eq!(unwrap(line), said, "{line}");
        }
    }

    #[test]
    fn the_program_stays_and_host_and_pid_go() {
        for line in [
            r#"May  1 10:00:00 host7 dockerd[812]: time="2024-05-01T10:00:00Z" level=error msg="boom""#,
            r#"2024-05-01T10:00:00+0200 host7 dockerd[812]: boom"#,
            r#"{"MESSAGE":"boom","SYSLOG_IDENTIFIER":"dockerd","_PID":"812","_HOSTNAME":"host7"}"#,
        ] {
            assert_eq!(unwrap(line), "dockerd: boom", "{line}");
        }
        assert_eq!(
            unwrap("May 01 10:00:00 h kernel: neighbour: full"),
            "kernel: neighbour: full"
        );
        assert_eq!(
            unwrap("lxcfs[1467]: fuse: error"),
            "lxcfs[1467]: fuse: error"
        );
    }

    #[test]
    fn what_is_no_frame_stays() {
        for line in [
            "",
            "a | b",
            "[65530] is too low",
            "{not json}",
            "docker: Error response from daemon: x: unknown.",
            "container name \"/x\" is already in use",
            "{\"a\":1}",
            "message: a=b c=d",
        ] {
            assert_eq!(unwrap(line), line, "{line}");
        }
    }

    #[test]
    fn an_error_beside_the_message_is_a_part_of_it() {
        for line in [
            r#"level=error msg="create failed" error="no \"cgroup\" mount""#,
            r#"{"level":"error","msg":"create failed","error":"no \"cgroup\" mount"}"#,
            r#"time=x level=error msg="create failed" id=7 error="no \"cgroup\" mount""#,
        ] {
            assert_eq!(unwrap(line), "create failed: no \"cgroup\" mount", "{line}");
        }
    }

    #[test]
    fn what_a_frame_hides_is_printable_too() {
        assert_eq!(unwrap(r#"{"msg":"a\u001b[2Jb"}"#), "a<U+001B>[2Jb");
    }
}
