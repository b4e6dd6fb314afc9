//! What a picture says of where its numbers come from.

use super::text::SourceWords;
use crate::region::Region;
use crate::words::{self, put_in};

/// Where the numbers of a picture come from: its last lines.
///
/// ```
/// use verbund::Region;
/// use verbund::plot::Source;
///
/// let source = Source::of(&Region::leipzig()?).after("the hospital of Torgau closes").remark("seed 1");
/// assert!(source.text().contains("after: the hospital of Torgau closes"));
/// assert!(source.text().ends_with("seed 1."));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Source {
    network: String,
    day: String,
    travel: String,
    hours: Option<String>,
    after: Option<String>,
    remarks: Vec<String>,
}

impl Source {
    /// The network of a region, its day and hour, and what its journeys rest on.
    pub fn of(region: &Region) -> Self {
        let network = region.network();
        Self {
            network: network.name().to_owned(),
            day: network.date().to_string(),
            travel: words::of(region.travel()).into_owned(),
            hours: region.hour().map(|hour| hour.to_string()),
            after: None,
            remarks: Vec::new(),
        }
    }

    /// The same after a change of this name.
    #[must_use]
    pub fn after(mut self, scenario: impl Into<String>) -> Self {
        self.after = Some(scenario.into());
        self
    }

    /// The same with something more to know, such as a seed.
    #[must_use]
    pub fn remark(mut self, remark: impl Into<String>) -> Self {
        self.remarks.push(remark.into());
        self
    }

    /// The hour of the week that was looked at, in words.
    pub(super) fn hours(&self) -> &str {
        self.hours.as_deref().unwrap_or(SourceWords::here().all_hours)
    }

    /// All of it, in a sentence.
    pub fn text(&self) -> String {
        // Whoever sees the picture alone must be able to make it again.
        let version = env!("CARGO_PKG_VERSION");
        let mut text = put_in(
            SourceWords::here().line,
            &[
                ("version", version),
                ("network", self.network.as_str()),
                ("day", &self.day),
                ("travel", &self.travel),
            ],
        );
        if let Some(after) = &self.after {
            text.push_str(&put_in(SourceWords::here().after, &[("scenario", after)]));
        }
        for remark in &self.remarks {
            text.push_str("; ");
            text.push_str(remark);
        }
        text.push('.');
        text
    }
}
