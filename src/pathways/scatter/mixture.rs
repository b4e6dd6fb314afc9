//! Times of many people, each with a law of its own: one table by second for each law.

use std::collections::BTreeMap;

use super::{LawId, Laws, Span};
use crate::stats::TimeDistribution;
use crate::units::Seconds;

/// How many people have which time, what scatters included.
///
/// Without any scatter it is a table of whole seconds, and all of its figures are exact. With it they
/// are expectations over the laws.
#[derive(Debug, Clone, Default)]
pub(in crate::pathways) struct Mixture {
    /// Who has a time that does not scatter, and who has none.
    fixed: TimeDistribution,
    by_law: BTreeMap<LawId, TimeDistribution>,
}

impl Mixture {
    /// Adds people with this time, or without any.
    pub(in crate::pathways) fn add(&mut self, span: Option<Span>, people: u64) {
        let time = span.map(|span| Seconds(span.fixed));
        match span {
            // By law a table of whole seconds: adding somebody costs no arithmetic on laws.
            Some(Span { law, .. }) if law != LawId::NONE => {
                self.by_law.entry(law).or_default().add(time, people);
            }
            _ => self.fixed.add(time, people),
        }
    }

    /// All people, with and without a time.
    pub(in crate::pathways) fn people(&self) -> u64 {
        let mut people = self.fixed.people();
        for times in self.by_law.values() {
            people += times.people();
        }
        people
    }

    /// People without a time.
    pub(in crate::pathways) fn unreached(&self) -> u64 {
        self.fixed.unreached()
    }

    /// How many have at most this time: a whole number where nothing scatters.
    pub(in crate::pathways) fn within(&self, laws: &Laws, limit: Seconds) -> f64 {
        let mut people = self.fixed.within(limit) as f64;
        for (id, times) in &self.by_law {
            let law = laws.law(*id);
            for (time, count) in times.by_second() {
                if count > 0 {
                    let left = i64::from(limit.0) - i64::from(time.0);
                    people += count as f64 * law.within(left);
                }
            }
        }
        people
    }

    /// Mean time in seconds of the people who have one; `None` when nobody has.
    pub(in crate::pathways) fn mean_seconds(&self, laws: &Laws) -> Option<f64> {
        if self.by_law.is_empty() {
            return self.fixed.mean_seconds();
        }
        let mut reached = 0.0;
        let mut sum = 0.0;
        let mut add = |times: &TimeDistribution, on_top: f64| {
            let people = (times.people() - times.unreached()) as f64;
            reached += people;
            sum += people * (times.mean_seconds().unwrap_or(0.0) + on_top);
        };
        for (id, times) in &self.by_law {
            add(times, laws.law(*id).mean());
        }
        add(&self.fixed, 0.0);
        if reached > 0.0 { Some(sum / reached) } else { None }
    }

    /// The median time; without scatter the mean of the two in the middle where their number is even.
    pub(in crate::pathways) fn median(&self, laws: &Laws) -> Option<Seconds> {
        if self.by_law.is_empty() { self.fixed.median() } else { self.quantile(laws, 0.5) }
    }

    /// The least whole second that at least the share `q` of all people (0 to 1) does not exceed.
    ///
    /// `None` when nobody is there, or when the people without a time reach into the quantile.
    pub(in crate::pathways) fn quantile(&self, laws: &Laws, q: f64) -> Option<Seconds> {
        if self.by_law.is_empty() {
            return self.fixed.quantile(q);
        }
        // A sum of many products is a little off: so little less counts as enough.
        let needed = q * self.people() as f64 * (1.0 - 1e-12);
        let mut high = self.fixed.longest().map_or(0, |time| i64::from(time.0));
        for (id, times) in &self.by_law {
            let longest = times.longest().map_or(0, |time| i64::from(time.0));
            high = high.max(longest + laws.law(*id).last());
        }
        let within = |second: i64| {
            let second = u32::try_from(second).unwrap_or(u32::MAX);
            self.within(laws, Seconds(second))
        };
        if within(high) < needed || self.people() == 0 {
            return None;
        }
        // At most `high` is enough; at most `low` is not.
        let mut low = -1;
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            if within(middle) >= needed { high = middle } else { low = middle }
        }
        Some(Seconds(u32::try_from(high).unwrap_or(u32::MAX)))
    }
}
