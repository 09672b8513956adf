//! A unified diff of one file, for reading a plan in full.

use model::Image;
use similar::TextDiff;

/// The difference between what stands at `path` and what shall stand there.
pub fn unified(path: &str, before: &Image, after: &Image) -> String {
    let text = |image: &Image| {
        let bytes = image.content().unwrap_or_default();
        String::from_utf8_lossy(bytes).into_owned()
    };
    let name = |image: &Image| match image {
        Image::Absent => "/dev/null".to_owned(),
        _ => path.to_owned(),
    };
    let (old, new) = (text(before), text(after));
    TextDiff::from_lines(&old, &new)
        .unified_diff()
        .context_radius(2)
        .header(&name(before), &name(after))
        .to_string()
}
