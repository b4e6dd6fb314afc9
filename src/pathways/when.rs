//! When patients call: a moment, or a profile of arrivals over the week.

use serde::{Serialize, Serializer};

use crate::calendar::{HourOfWeek, Moment};
use crate::model::Pathway;
use crate::units::Seconds;

/// When patients call.
///
/// Day is 8:00 to 20:00 and night the rest, on every day of the week.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum When {
    /// The whole week, by the pathway's profile of arrivals.
    #[default]
    Week,
    /// 8:00 to 20:00 on every day.
    Day,
    /// 20:00 to 8:00 on every day.
    Night,
    /// Saturday and Sunday.
    Weekend,
    /// At one moment.
    #[cfg_attr(feature = "cli", value(skip))]
    At(Moment),
}

impl Serialize for When {
    /// `week`, `day`, `night`, `weekend`, or the moment as a program reads it: `Mon 08:00`.
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Week => to.serialize_str("week"),
            Self::Day => to.serialize_str("day"),
            Self::Night => to.serialize_str("night"),
            Self::Weekend => to.serialize_str("weekend"),
            Self::At(moment) => to.collect_str(moment),
        }
    }
}

impl When {
    /// In words.
    pub fn label(self) -> String {
        match self {
            Self::Week => said!("week"),
            Self::Day => said!("day (8-20)"),
            Self::Night => said!("night (20-8)"),
            Self::Weekend => said!("weekend"),
            Self::At(moment) => moment.in_print(),
        }
    }

    fn has(self, hour: HourOfWeek) -> bool {
        let is_day = (8..20).contains(&hour.hour());
        match self {
            Self::Week => true,
            Self::Day => is_day,
            Self::Night => !is_day,
            Self::Weekend => hour.day() >= 5,
            Self::At(moment) => moment.hour == hour,
        }
    }

    /// Each moment with its share of the arrivals in millionths; the shares sum to one million,
    /// and moments without arrivals are left out.
    ///
    /// A profile that has no arrivals at all in these hours counts as even.
    pub(crate) fn shares(self, pathway: &Pathway) -> Vec<(Moment, u32)> {
        if let Self::At(moment) = self {
            return vec![(moment, MILLION)];
        }
        let arrivals = &pathway.arrivals;
        // A profile has 24 hours of a day, or all of the week; without one arrivals are even.
        let weight = |hour: HourOfWeek| match arrivals.len() {
            0 => 1.0,
            24 => arrivals[hour.hour()],
            _ => arrivals[hour.index()],
        };
        let (mut hours, mut weights) = (Vec::new(), Vec::new());
        let mut sum = 0.0;
        for hour in HourOfWeek::all() {
            if self.has(hour) {
                hours.push(hour);
                weights.push(weight(hour));
                sum += weight(hour);
            }
        }
        if sum <= 0.0 {
            weights.fill(1.0);
            sum = weights.len() as f64;
        }
        // Differences of the rounded running sums: they add up to exactly one million.
        let mut shares = Vec::with_capacity(hours.len());
        let (mut so_far, mut given) = (0.0, 0);
        for (hour, weight) in hours.into_iter().zip(weights) {
            so_far += weight;
            let until = (so_far / sum * f64::from(MILLION)).round() as u32;
            if until > given {
                shares.push((Moment::of(hour), until - given));
            }
            given = until;
        }
        shares
    }
}

/// An hour of the week with its share of the arrivals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HourShare {
    pub(super) hour: HourOfWeek,
    /// In millionths.
    pub(super) share: u32,
}

/// Shares of arrivals are counted in millionths.
pub(super) const MILLION: u32 = 1_000_000;

/// Time from a moment to the start of an hour; zero when the moment lies in it.
pub(super) fn wait_for(moment: Moment, hour: HourOfWeek) -> Seconds {
    match moment.hour.until(hour) {
        0 => Seconds(0),
        hours => Seconds(hours * 3600 - u32::from(moment.minute) * 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum_of(shares: &[(Moment, u32)]) -> u32 {
        let mut sum = 0;
        for (_, share) in shares {
            sum += share;
        }
        sum
    }

    #[test]
    fn shares_sum_to_one_million_and_follow_the_profile() {
        let catalog = crate::files::Folder::leipzig().read().unwrap().network.catalog().clone();
        let mut pathway = catalog.pathways[0].clone();
        for when in [When::Week, When::Day, When::Night, When::Weekend] {
            pathway.arrivals = Vec::new();
            assert_eq!(sum_of(&when.shares(&pathway)), MILLION);
            pathway.arrivals = (0..24).map(|hour| f64::from(hour % 5)).collect();
            assert_eq!(sum_of(&when.shares(&pathway)), MILLION);
        }
        // All arrivals between 9 and 10: a seventh on each day, none at night, which is then even.
        pathway.arrivals = (0..24).map(|hour| f64::from(u8::from(hour == 9))).collect();
        let shares: Vec<u32> =
            When::Week.shares(&pathway).iter().map(|(_, share)| *share).collect();
        assert_eq!(shares.len(), 7);
        assert!(shares.iter().all(|share| (142_857..=142_858).contains(share)));
        assert_eq!(When::Night.shares(&pathway).len(), 84);
    }

    #[test]
    fn the_wait_runs_to_the_start_of_the_hour() {
        let moment = |text: &str| text.parse::<Moment>().unwrap();
        let monday_8 = HourOfWeek::new(0, 8).unwrap();
        assert_eq!(wait_for(moment("Mon 08:59"), monday_8), Seconds(0));
        assert_eq!(wait_for(moment("Sun 23:30"), monday_8), Seconds(8 * 3600 + 1800));
        assert_eq!(wait_for(moment("Mon 09:00"), monday_8), Seconds(167 * 3600));
    }
}
