//! Lines of a stream: one at a time, none longer than a bound, the rest of a longer one passed over.

use std::io::{self, ErrorKind, Read};

/// Longer lines are cut off. The journal's own bound is 48 KiB (journald.conf(5), LineMax), Docker's 16 KiB
/// (moby daemon/logger/copier.go, defaultBufSize); a JSON line has other fields around it.
pub(crate) const LONGEST_LINE: usize = 96 << 10;
const BUFFER: usize = 256 << 10;

/// Reads a stream line by line.
pub(crate) struct Lines<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// How many bytes may still be read.
    left: u64,
    /// Inside a line of which the beginning was handed out.
    passing: bool,
    /// How many lines were begun.
    pub(crate) count: u64,
    /// How many of them were cut off.
    pub(crate) cut: u64,
    /// Whether the stream went on after the last byte that may be read.
    pub(crate) ended_early: bool,
}

impl<R: Read> Lines<R> {
    /// Lines of the first `longest` bytes.
    pub(crate) fn of(source: R, longest: u64) -> Self {
        Self {
            source,
            buffer: vec![0; BUFFER],
            start: 0,
            end: 0,
            left: longest,
            passing: false,
            count: 0,
            cut: 0,
            ended_early: false,
        }
    }

    /// The next line without its end; none after the last one.
    pub(crate) fn next(&mut self) -> io::Result<Option<&[u8]>> {
        let mut looked = 0;
        loop {
            let pending = &self.buffer[self.start + looked..self.end];
            if let Some(at) = memchr::memchr(b'\n', pending) {
                let line = (self.start, self.start + looked + at);
                self.start = line.1 + 1;
                looked = 0;
                if std::mem::take(&mut self.passing) {
                    continue;
                }
                return Ok(Some(self.hand_out(line)));
            }
            if self.passing {
                self.start = self.end;
            }
            looked = self.end - self.start;
            if looked > LONGEST_LINE {
                let line = (self.start, self.end);
                (self.start, self.passing) = (self.end, true);
                return Ok(Some(self.hand_out(line)));
            }
            if self.fill()? == 0 {
                let line = (self.start, self.end);
                self.start = self.end;
                let over = line.0 == line.1 || self.passing;
                return Ok((!over).then(|| self.hand_out(line)));
            }
        }
    }

    fn hand_out(&mut self, (start, end): (usize, usize)) -> &[u8] {
        self.count += 1;
        let mut line = &self.buffer[start..end];
        // A file that was emptied under its writer begins with a hole, which reads as zeros.
        while let [0, rest @ ..] = line {
            line = rest;
        }
        if line.len() > LONGEST_LINE {
            self.cut += 1;
            line = &line[..LONGEST_LINE];
        }
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    /// Reads on behind what is pending; gives how much came.
    fn fill(&mut self) -> io::Result<usize> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
        }
        loop {
            let space = &mut self.buffer[self.end..];
            match self.source.read(space) {
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
                Ok(0) => return Ok(0),
                Ok(_) if self.left == 0 => {
                    self.ended_early = true;
                    return Ok(0);
                }
                Ok(read) => {
                    let taken = read.min(usize::try_from(self.left).unwrap_or(usize::MAX));
                    self.left -= taken as u64;
                    self.end += taken;
                    return Ok(taken);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader that hands out `step` bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let count = self.1.min(self.0.len()).min(buffer.len());
            let (now, later) = self.0.split_at(count);
            buffer[..count].copy_from_slice(now);
            self.0 = later;
            Ok(count)
        }
    }

    fn all(text: &[u8], step: usize) -> (Vec<Vec<u8>>, u64) {
        let mut lines = Lines::of(Slow(text, step), 1 << 30);
        let mut seen = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            seen.push(line.to_vec());
        }
        (seen, lines.cut)
    }

    #[test]
    fn lines_are_the_same_however_they_arrive() {
        let text = b"one\r\n\n\0\0two\nthree";
        let expected: Vec<Vec<u8>> = ["one", "", "two", "three"].map(|t| t.into()).into();
        for step in [1, 2, 7, 100] {
            assert_eq!(all(text, step), (expected.clone(), 0), "{step}");
        }
        assert_eq!(all(b"", 1).0.len(), 0);
    }

    #[test]
    fn an_endless_line_is_one_line_and_the_next_is_found() {
        let mut text = vec![b'x'; 3 << 20];
        text.extend_from_slice(b"\nafter\n");
        for step in [1000, BUFFER] {
            let (seen, cut) = all(&text, step);
            assert_eq!((seen.len(), cut), (2, 1), "{step}");
            assert_eq!(
                (seen[0].len(), seen[1].as_slice()),
                (LONGEST_LINE, &b"after"[..])
            );
        }
    }

    #[test]
    fn what_is_too_long_ends() {
        let mut lines = Lines::of(io::repeat(b'\n'), 1000);
        while lines.next().unwrap().is_some() {}
        assert_eq!((lines.count, lines.ended_early), (1000, true));
        let mut whole = Lines::of(&b"a\nb"[..], 3);
        while whole.next().unwrap().is_some() {}
        assert!(!whole.ended_early);
    }
}
