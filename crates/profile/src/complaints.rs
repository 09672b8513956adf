//! Complaints: everything wrong with a profile, up to what an operator will read.

use crate::ProfileError;
use model::Rejection;

/// A screenful; past it the count says more than the sentences.
const MOST: usize = 20;

#[derive(Debug, Default)]
pub(crate) struct Complaints {
    kept: Vec<Rejection>,
    more: usize,
}

impl Complaints {
    pub(crate) fn push(&mut self, rejection: Rejection) {
        if self.kept.len() < MOST {
            self.kept.push(rejection);
        } else {
            self.more += 1;
        }
    }

    pub(crate) fn count(&self) -> usize {
        self.kept.len() + self.more
    }

    /// `value` if nothing was wrong.
    pub(crate) fn settle<T>(self, value: T) -> Result<T, ProfileError> {
        if self.kept.is_empty() {
            return Ok(value);
        }
        Err(ProfileError::Rejected {
            rejections: self.kept,
            more: self.more,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Span;

    #[test]
    fn past_twenty_they_are_only_counted() {
        let mut complaints = Complaints::default();
        for line in 1..=23 {
            complaints.push(Rejection::new(&Span::new("a.ini", line), "wrong"));
        }
        assert_eq!(complaints.count(), 23);
        let error = complaints.settle(()).unwrap_err();
        assert_eq!(error.rejections().len(), 20);
        assert!(
            error.to_string().ends_with("a.ini:20: wrong\nand 3 more"),
            "{error}"
        );
    }
}
