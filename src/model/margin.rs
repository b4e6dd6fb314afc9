//! How far travel times may be off.

use std::fmt;

use serde::Serialize;

use crate::units::{Seconds, in_words};

/// An end of the band: all journeys as quick, or all as slow, as the margin allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BandEnd {
    /// Every journey takes the shortest time that the margin allows.
    Quick,
    /// Every journey takes the longest.
    Slow,
}

impl BandEnd {
    /// Both ends.
    pub const BOTH: [Self; 2] = [Self::Quick, Self::Slow];
}

/// Something at both ends of the band of the travel times.
///
/// What is asked of two sides, such as before and after a change, is asked of both at the *same* end: the error is
/// common to all journeys, so that one side is not slow while the other one is quick. A difference is decided where it
/// is the same at both ends, however far the bands of its sides overlap.
///
/// ```
/// use verbund::model::{BandEnd, Ends, Margin, OverBand};
/// use verbund::units::Seconds;
///
/// let margin = Margin::new(0.2, Seconds(0));
/// let times = Ends::of(|end| margin.time(end, Seconds(1000)));
/// assert_eq!((times.quick, times.slow), (Seconds(800), Seconds(1200)));
///
/// // A journey of 1,000 seconds becomes one of 900. Bands of 800 to 1,200 and 720 to 1,080 overlap, and yet the second
/// // one is the shorter at either end.
/// let after = Ends::of(|end| margin.time(end, Seconds(900)));
/// let is_shorter = Ends { quick: after.quick < times.quick, slow: after.slow < times.slow };
/// assert_eq!(OverBand::over(&true, &is_shorter), OverBand::Holds);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Ends<T> {
    /// Where every journey is as quick as the margin allows.
    pub quick: T,
    /// Where every one is as slow.
    pub slow: T,
}

impl<T> Ends<T> {
    /// What there is at each end.
    pub fn of(mut at: impl FnMut(BandEnd) -> T) -> Self {
        Self { quick: at(BandEnd::Quick), slow: at(BandEnd::Slow) }
    }

    /// What there is at one of them.
    pub fn at(&self, end: BandEnd) -> &T {
        match end {
            BandEnd::Quick => &self.quick,
            BandEnd::Slow => &self.slow,
        }
    }

    /// What is made of both.
    pub fn map<U>(&self, make: impl Fn(&T) -> U) -> Ends<U> {
        Ends { quick: make(&self.quick), slow: make(&self.slow) }
    }
}

impl<T> Ends<Option<T>> {
    /// Both; `None` where one of them is missing.
    pub fn both(self) -> Option<Ends<T>> {
        Some(Ends { quick: self.quick?, slow: self.slow? })
    }
}

/// Whether a verdict is the same for the times as stated and at both ends of their band.
///
/// ```
/// use verbund::model::OverBand;
///
/// // In time as stated and at the quick end, too late at the slow end.
/// assert_eq!(OverBand::of(&true, [&true, &false]), OverBand::NotDecided);
/// assert_eq!(OverBand::of(&"met", [&"met", &"met"]).word(), "holds over the band");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OverBand {
    /// The same over the whole band: whatever the true times are within the margin, the verdict stands.
    Holds,
    /// Another one at an end: the travel model does not decide it.
    NotDecided,
}

impl OverBand {
    /// What the verdicts for the times as stated and at both ends make together.
    pub fn of<T: PartialEq>(stated: &T, ends: [&T; 2]) -> Self {
        if ends.iter().all(|end| *end == stated) { Self::Holds } else { Self::NotDecided }
    }

    /// The same of what stands at both ends.
    ///
    /// ```
    /// use verbund::model::{Ends, OverBand};
    ///
    /// let is_met = Ends { quick: true, slow: false };
    /// assert_eq!(OverBand::over(&true, &is_met), OverBand::NotDecided);
    /// assert_eq!(OverBand::over(&true, &Ends { slow: true, ..is_met }), OverBand::Holds);
    /// ```
    pub fn over<T: PartialEq>(stated: &T, ends: &Ends<T>) -> Self {
        Self::of(stated, [&ends.quick, &ends.slow])
    }

    /// In words: `holds over the band`, or `not decided by the road model`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Holds => "holds over the band",
            Self::NotDecided => "not decided by the road model",
        }
    }

    /// In a word or two, for a column of a table: `holds`, `not decided`.
    pub fn short(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::NotDecided => "not decided",
        }
    }
}

/// How far the times of a travel model may be off from those on the road: a bias, a relative spread and an absolute
/// one.
///
/// A journey of `t` takes between `t x bias x (1 - relative)` and `t x bias x (1 + relative) + absolute`, in whole
/// seconds. All journeys are taken to be off *together*: the band of a share is what the share would be if every
/// journey were at the quick end, and if every one were at the slow end. Errors of single journeys that cancel out
/// move a share less, so the band is what a wrong model could do, not an interval that holds the truth with some
/// probability.
///
/// Figures are those of the times as stated, which the bias does not move: it moves the band alone. A verdict *holds
/// over the band* when it is the same for the times as stated and at both ends, and is *not decided by the road
/// model* otherwise ([`OverBand`]).
///
/// In `network.ron` it is `travel: (margin: (bias: 1.0, relative: 0.2, absolute: "2m", source: "measured ..."))`.
///
/// ```
/// use verbund::model::{BandEnd, Margin};
/// use verbund::units::Seconds;
///
/// let margin = Margin::new(0.2, Seconds::from_minutes(2));
/// let half_an_hour = Seconds::from_minutes(30);
/// assert_eq!(margin.time(BandEnd::Quick, half_an_hour), Seconds::from_minutes(24));
/// assert_eq!(margin.time(BandEnd::Slow, half_an_hour), Seconds::from_minutes(38));
/// // Who is to be there within 30 minutes at the slow end may be 23 min 20 s away by the model.
/// assert_eq!(margin.latest(BandEnd::Slow, half_an_hour), Some(Seconds(1400)));
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Margin {
    /// What journeys take on the road over what the model says, on the whole: 1 where it is right, 1.1 where roads
    /// take a tenth longer. From 0.2 to 5.
    pub bias: f64,
    /// What journeys are off by as a share of their time, 0 to 0.9, to either side.
    pub relative: f64,
    /// What they may take longer in addition, at most two hours: parking, a closed bridge, a detour.
    pub absolute: Seconds,
    /// Where the three come from; empty where nobody says.
    pub source: String,
}

impl Margin {
    /// Least and greatest bias.
    pub const BIAS: (f64, f64) = (0.2, 5.0);
    /// Greatest relative spread.
    pub const MOST_RELATIVE: f64 = 0.9;
    /// Longest absolute spread.
    pub const MOST_ABSOLUTE: Seconds = Seconds::from_minutes(120);

    /// Off by a share of the time to either side, and by a time in addition; without bias and source.
    pub fn new(relative: f64, absolute: Seconds) -> Self {
        Self { bias: 1.0, relative, absolute, source: String::new() }
    }

    /// With a bias.
    #[must_use]
    pub fn bias(self, bias: f64) -> Self {
        Self { bias, ..self }
    }

    /// With a source.
    #[must_use]
    pub fn source(self, source: impl Into<String>) -> Self {
        Self { source: source.into(), ..self }
    }

    /// Of the crow-fly model with its usual parameters: a quarter to either side and two minutes, without a bias.
    ///
    /// Calibrated on road networks (`tests/integration/calibration.rs`, figures on the page
    /// [assumptions](crate::guide::assumptions)). What the roads take over what the model says is 1.24 in the middle
    /// in a piece of Upper Franconia, 1.32 in Andorra, 1.08 in Monaco and 0.87 around Chicago, and the hospital
    /// atlas is a little quicker in the country and slower in towns: no bias that holds for all, hence none. The
    /// spread is the least of those tried, in steps of 5 % and then of a minute, with the middle journey of each
    /// network of the lowlands inside, whatever its length, and three quarters of their journeys. In mountains it is
    /// too narrow.
    pub fn crow_fly() -> Self {
        Self::new(0.25, Seconds::from_minutes(2)).source(
            "calibrated: the middle journey on the roads of five networks takes 0.8 to 1.5 times as long, by distance",
        )
    }

    /// Of times on real roads without traffic, of which nobody measured how far off they are (assumed): 20 % to
    /// either side, what routing engines are told to differ by, and as much as ambulances of a large German city
    /// were slower at night (22 %).
    pub fn roads() -> Self {
        Self::new(0.2, Seconds(0)).source(
            "assumed: routing engines differ by about 20 %; ambulances of a large German city were 22 % slower at night (doi 10.59297/a7t70e66)",
        )
    }

    /// What a journey is multiplied by at an end of the band.
    pub fn factor(&self, end: BandEnd) -> f64 {
        match end {
            BandEnd::Quick => self.bias * (1.0 - self.relative),
            BandEnd::Slow => self.bias * (1.0 + self.relative),
        }
    }

    /// What comes on top at an end.
    fn extra(&self, end: BandEnd) -> Seconds {
        match end {
            BandEnd::Quick => Seconds(0),
            BandEnd::Slow => self.absolute,
        }
    }

    /// A journey at an end of the band, rounded to whole seconds.
    pub fn time(&self, end: BandEnd, stated: Seconds) -> Seconds {
        let seconds = (f64::from(stated.0) * self.factor(end)).round() as u32;
        Seconds(seconds) + self.extra(end)
    }

    /// Whether it is the same over the band that one journey is within a limit, inclusive, or beyond it.
    ///
    /// ```
    /// use verbund::model::{Margin, OverBand};
    /// use verbund::units::Seconds;
    ///
    /// let margin = Margin::new(0.2, Seconds(0));
    /// let hour = Seconds::from_minutes(60);
    /// assert_eq!(margin.over_band(Seconds::from_minutes(50), hour), OverBand::Holds); // 40 to 60
    /// assert_eq!(margin.over_band(hour, hour), OverBand::NotDecided);
    /// ```
    pub fn over_band(&self, stated: Seconds, limit: Seconds) -> OverBand {
        let is_within = Ends::of(|end| self.time(end, stated) <= limit);
        OverBand::over(&(stated <= limit), &is_within)
    }

    /// The longest journey as stated that is within a limit at an end of the band; `None` where none is, not even
    /// one of no time.
    ///
    /// To look with another limit at the journeys as stated is the same as to look with the limit at journeys that
    /// all changed: whoever counts people within a limit needs no other journeys.
    pub fn latest(&self, end: BandEnd, limit: Seconds) -> Option<Seconds> {
        let is_within = |stated: u32| self.time(end, Seconds(stated)) <= limit;
        if !is_within(0) {
            return None;
        }
        let estimate = f64::from((limit - self.extra(end)).0) / self.factor(end);
        let mut stated = estimate as u32;
        // The estimate is off by the rounding of one time.
        while !is_within(stated) {
            stated -= 1;
        }
        while stated < u32::MAX && is_within(stated + 1) {
            stated += 1;
        }
        Some(Seconds(stated))
    }
}

impl fmt::Display for Margin {
    /// `times x 0.75 to x 1.25 + 2m`.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [quick, slow] = BandEnd::BOTH.map(|end| in_words(self.factor(end), 0));
        write!(out, "times × {quick} to × {slow}")?;
        if self.absolute > Seconds(0) {
            write!(out, " + {}", self.absolute)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_journey_is_the_last_that_is_within_the_limit() {
        for (bias, relative, absolute) in
            [(1.0, 0.2, 120), (0.9, 0.0, 0), (1.3, 0.9, 7), (5.0, 0.37, 1)]
        {
            let margin = Margin::new(relative, Seconds(absolute)).bias(bias);
            for limit in [0, 1, 119, 120, 121, 899, 1800, 2400, 7200] {
                for end in BandEnd::BOTH {
                    // The slow second way: every journey that a region may keep.
                    let within =
                        (0..70_000).rfind(|stated| margin.time(end, Seconds(*stated)).0 <= limit);
                    assert_eq!(
                        margin.latest(end, Seconds(limit)),
                        within.map(Seconds),
                        "{margin} {limit}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_margin_of_nothing_moves_nothing() {
        let margin = Margin::new(0.0, Seconds(0));
        for end in BandEnd::BOTH {
            assert_eq!(margin.time(end, Seconds(1799)), Seconds(1799));
            assert_eq!(margin.latest(end, Seconds(1799)), Some(Seconds(1799)));
        }
        assert_eq!(margin.to_string(), "times × 1 to × 1");
        assert_eq!(
            Margin::new(0.2, Seconds(90)).bias(1.1).to_string(),
            "times × 0.88 to × 1.32 + 1m 30s"
        );
    }
}
