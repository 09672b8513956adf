//! The errors of the kernel, as programs print them.

use model::Errno;

/// An error with its number on Linux, its symbol, and the words of C libraries and run-times.
pub(crate) struct Spelling {
    pub(crate) errno: Errno,
    pub(crate) number: u16,
    pub(crate) symbol: &'static str,
    pub(crate) words: &'static [&'static str],
}

const fn spelling(
    errno: Errno,
    number: u16,
    symbol: &'static str,
    words: &'static [&'static str],
) -> Spelling {
    Spelling {
        errno,
        number,
        symbol,
        words,
    }
}

/// What stands before a number: glibc's `%m`-less programs, Go's runtime, Rust, Python.
pub(crate) const BEFORE_NUMBERS: &[&str] = &[
    "errno ",
    "errno=",
    "errno = ",
    "errno: ",
    "errno:",
    "errno is ",
    "error number ",
    "os error ",
    "os { code: ",
    "error(",
    "sqlstate: errno ",
];

/// Numbers are those of include/uapi/asm-generic/errno*.h; the words are those of glibc's
/// sysdeps/gnu/errlist.h, in Go in lower case, and where musl's src/errno/__strerror.h has others,
/// those too.
pub(crate) const ERRNOS: &[Spelling] = &[
    spelling(
        Errno::NotPermitted,
        1,
        "eperm",
        &["operation not permitted"],
    ),
    spelling(
        Errno::NoEntry,
        2,
        "enoent",
        &["no such file or directory", "file does not exist"],
    ),
    spelling(Errno::NoProcess, 3, "esrch", &["no such process"]),
    spelling(Errno::TooBig, 7, "e2big", &["argument list too long"]),
    spelling(
        Errno::Again,
        11,
        "eagain",
        &["resource temporarily unavailable"],
    ),
    spelling(
        Errno::NoMemory,
        12,
        "enomem",
        &[
            "cannot allocate memory",
            "can't allocate memory",
            "can not allocate memory",
            "could not allocate memory",
            "not enough space",
            "insufficient memory",
        ],
    ),
    spelling(Errno::Denied, 13, "eacces", &["permission denied"]),
    spelling(
        Errno::Busy,
        16,
        "ebusy",
        &["device or resource busy", "resource busy"],
    ),
    spelling(Errno::NoDevice, 19, "enodev", &["no such device"]),
    spelling(Errno::Invalid, 22, "einval", &["invalid argument"]),
    spelling(
        Errno::FilesOfHost,
        23,
        "enfile",
        &["too many open files in system", "file table overflow"],
    ),
    spelling(
        Errno::FilesOfProcess,
        24,
        "emfile",
        &[
            "too many open files",
            "no file descriptors available",
            "too many files open",
            // glibc's loader prints the number alone (elf/dl-load.c).
            "shared object file: error 24",
        ],
    ),
    spelling(
        Errno::NoSpace,
        28,
        "enospc",
        &[
            "no space left on device",
            "no space left on the device",
            "not enough space on device",
        ],
    ),
    spelling(Errno::ReadOnly, 30, "erofs", &["read-only file system"]),
    spelling(
        Errno::OutOfRange,
        34,
        "erange",
        &["numerical result out of range", "result not representable"],
    ),
    spelling(
        Errno::NameTooLong,
        36,
        "enametoolong",
        &["file name too long"],
    ),
    spelling(Errno::ExchangeFull, 54, "exfull", &["exchange full"]),
    spelling(
        Errno::NotSupported,
        95,
        "eopnotsupp",
        &["operation not supported", "not supported"],
    ),
    spelling(
        Errno::AddressInUse,
        98,
        "eaddrinuse",
        &["address already in use", "address in use"],
    ),
    spelling(
        Errno::AddressNotAvailable,
        99,
        "eaddrnotavail",
        &[
            "cannot assign requested address",
            "can't assign requested address",
            "address not available",
        ],
    ),
    spelling(
        Errno::ConnectionReset,
        104,
        "econnreset",
        &["connection reset by peer"],
    ),
    spelling(
        Errno::NoBuffers,
        105,
        "enobufs",
        &["no buffer space available"],
    ),
    spelling(
        Errno::TimedOut,
        110,
        "etimedout",
        &["connection timed out", "operation timed out", "timed out"],
    ),
    spelling(Errno::Refused, 111, "econnrefused", &["connection refused"]),
    spelling(
        Errno::Unreachable,
        113,
        "ehostunreach",
        &[
            "no route to host",
            "host is unreachable",
            "destination host unreachable",
        ],
    ),
    spelling(
        Errno::Quota,
        122,
        "edquot",
        &["disk quota exceeded", "quota exceeded"],
    ),
    spelling(
        Errno::Internal524,
        524,
        "enotsupp",
        &[
            "unknown error 524",
            "error 524",
            "unknown error -524",
            "errno -524",
        ],
    ),
];

/// Whether what was found at `end` goes on to say another error.
pub(crate) fn goes_on(errno: Errno, rest: &str) -> bool {
    match errno {
        Errno::FilesOfProcess => rest.starts_with(" in system"),
        // `ENOTSUPP` is no `ENOTSUP`, and no symbol goes on with a letter.
        _ => rest.starts_with(|c: char| c.is_ascii_alphanumeric()),
    }
}
