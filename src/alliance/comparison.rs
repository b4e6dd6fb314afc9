//! The comparison: every indicator of a year, every member beside the others.

use std::collections::BTreeSet;

use serde::Serialize;

use super::discovery::{Dependence, discovery_rates};
use super::error::FigureError;
use super::funnel::{Level, LimitRule, Limits, Signal, limits};
use super::indicators::{Direction, Entry, Figure, Indicator, IndicatorKind, IndicatorTable};
use super::overdispersion::{
    Centre, Overdispersion, Scale, Scaled, Trim, overdispersion, widened_limits,
};
use super::ranks::{Quartiles, Rank, ranks, ranks_with_intervals};
use super::reference::{AgainstReference, Reference, against_reference};

/// How members are compared.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct ComparisonSettings {
    /// The year; `None` for the latest of each indicator.
    pub year: Option<i16>,
    /// The level of limits.
    pub level: Level,
    /// The level of intervals of ranks: at that of limits every member may have nearly every rank.
    pub rank_level: Level,
    /// How limits of chance are drawn.
    pub rule: LimitRule,
    /// The share of members at each end that is trimmed before members say how much they differ, 0 to below 0.5.
    pub trim: f64,
    /// How comparisons hang together.
    pub dependence: Dependence,
    /// Positions of the members that are compared, such as [`Peers::peers`](super::Peers::peers); `None` for all.
    pub among: Option<BTreeSet<usize>>,
}

impl Default for ComparisonSettings {
    fn default() -> Self {
        Self {
            year: None,
            level: Level::P998,
            rank_level: Level::P95,
            rule: LimitRule::MidP,
            trim: 0.1,
            dependence: Dependence::Positive,
            among: None,
        }
    }
}

impl ComparisonSettings {
    /// Compares the figures of a year.
    #[must_use]
    pub fn year(mut self, year: i16) -> Self {
        self.year = Some(year);
        self
    }

    /// Draws limits at another level.
    #[must_use]
    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// Compares some members only.
    #[must_use]
    pub fn among(mut self, members: impl IntoIterator<Item = usize>) -> Self {
        self.among = Some(members.into_iter().collect());
        self
    }
}

/// A member beside the others in one indicator.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MemberFigure {
    /// The member: its position in the table.
    pub member: usize,
    /// What it counted.
    pub figure: Figure,
    /// Its value, before it is multiplied for people.
    pub value: f64,
    /// Its rank from the lowest value, with the ranks that it may have.
    pub rank: Rank,
    /// The quarter of the members in which it is, 1 (lowest) to 4.
    pub quarter: u8,
    /// What counts say beyond that; `None` of a number by itself.
    pub chance: Option<AgainstChance>,
}

/// A member's count against chance, and against how members differ.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct AgainstChance {
    /// Limits of its value by chance alone.
    pub limits: Limits,
    /// Where it lies by them.
    pub signal: Signal,
    /// Limits with the differences between members, winsorised as the Care Quality Commission does.
    pub widened: Limits,
    /// Where it lies by these.
    pub widened_signal: Signal,
    /// Limits as NHS Digital's SHMI draws them; `None` for shares, which SHMI has not.
    pub shmi: Option<Limits>,
    /// Where it lies by these.
    pub shmi_signal: Option<Signal>,
    /// The two-sided mid-p-value of its count when it is at the centre.
    pub p_value: f64,
    /// The rate of false discoveries at which it is just discovered, over all indicators and members of the comparison.
    pub discovery_rate: f64,
    /// Its count beside the reference of the dictionary, by the rules of IQTIG; `None` without a reference or a direction.
    pub reference: Option<AgainstReference>,
}

/// All members in one indicator.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct IndicatorComparison {
    /// The indicator: its position in the table.
    pub indicator: usize,
    /// The year.
    pub year: i16,
    /// What members are compared with: 1 for a ratio, else the events of all over the cases or the exposure of all; `None` of
    /// numbers by themselves.
    pub centre: Option<f64>,
    /// The quartiles of the members' values.
    pub quartiles: Quartiles,
    /// How much members differ beyond chance, winsorised, on the scale of roots (shares: arcsine).
    pub spread: Option<Overdispersion>,
    /// The same as SHMI has it: logarithms, truncated. Members without any event are left out of it; `None` for shares.
    pub shmi_spread: Option<Overdispersion>,
    /// The members with a figure, in the order of the table.
    pub members: Vec<MemberFigure>,
}

/// Why an indicator is not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum NotCompared {
    /// No member has a figure of the year.
    NoFigure,
    /// One member alone has one.
    OneMember,
}

/// Members beside each other.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct MemberComparison {
    /// By indicator, in the order of the table.
    pub indicators: Vec<IndicatorComparison>,
    /// Indicators that are not compared, with why.
    pub not_compared: Vec<(usize, NotCompared)>,
    /// Comparisons over which false discoveries are counted.
    pub comparisons: usize,
}

/// Compares the members of an alliance by every indicator of a table.
///
/// The order of what it says is that of Verburg et al. (2018, PMC6193208): what is counted, enough cases, how members differ
/// anyway, then who differs more. It never orders members by quality: a rank is that of a value, with its interval.
///
/// # Errors
///
/// When the share to trim is out of range.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::{ComparisonSettings, compare_members, computed_indicators, ComputedSettings};
/// use verbund::routing::ChoiceModel;
///
/// let region = Region::leipzig()?;
/// let settings = ComputedSettings::new(ChoiceModel::Huff.usual()).without_pathways();
/// let table = computed_indicators(&region, "landkreis-nordsachsen", &settings)?;
/// let comparison = compare_members(&table, &ComparisonSettings::default())?;
/// let beds = &comparison.indicators[0];
/// assert_eq!((beds.members.len(), beds.centre), (4, None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare_members(
    table: &IndicatorTable,
    settings: &ComparisonSettings,
) -> Result<MemberComparison, FigureError> {
    let mut comparison =
        MemberComparison { indicators: Vec::new(), not_compared: Vec::new(), comparisons: 0 };
    for (position, indicator) in table.indicators.iter().enumerate() {
        // Indicators are entered at different times of a year: the latest is that of each by itself.
        let year = settings.year.or_else(|| table.years(position).last().copied());
        let mut entries = year.map_or_else(Vec::new, |year| table.in_year(position, year));
        if let Some(among) = &settings.among {
            entries.retain(|entry| among.contains(&entry.member));
        }
        let (Some(year), true) = (year, entries.len() > 1) else {
            let why =
                if entries.is_empty() { NotCompared::NoFigure } else { NotCompared::OneMember };
            comparison.not_compared.push((position, why));
            continue;
        };
        let subject = Subject { position, indicator, year, entries };
        comparison.indicators.extend(subject.compare(settings)?);
    }
    count_discoveries(&mut comparison, settings.dependence);
    Ok(comparison)
}

/// How much members differ beyond chance, on both scales.
#[derive(Clone, Copy)]
struct Spreads {
    /// Winsorised, on the scale of roots (shares: arcsine).
    root: Option<Overdispersion>,
    /// Truncated, on the scale of logarithms.
    log: Option<Overdispersion>,
}

/// An indicator in a year, with the figures of at least two members.
struct Subject<'t> {
    position: usize,
    indicator: &'t Indicator,
    year: i16,
    entries: Vec<&'t Entry>,
}

impl Subject<'_> {
    fn compare(
        &self,
        settings: &ComparisonSettings,
    ) -> Result<Option<IndicatorComparison>, FigureError> {
        let mut values = Vec::with_capacity(self.entries.len());
        for entry in &self.entries {
            values.push(entry.figure.value());
        }
        let Some(quartiles) = Quartiles::of(&values) else { return Ok(None) };
        let centre = self.centre();
        let root = self.scale();
        let mut spread = None;
        let mut shmi_spread = None;
        // A number by itself has no chance: its rank has no interval.
        let mut ranked = ranks(&values);
        if let (Some(centre), Some(scale)) = (centre, root) {
            let members = self.scaled(scale, centre);
            let middle = Centre::Fixed(middle(scale, centre));
            spread = Some(overdispersion(&members, middle, Trim::Winsorise(settings.trim))?);
            // Without a member that has no place on the scale the ranks of the others would shift.
            if members.len() == values.len() {
                ranked = ranks_with_intervals(&members, settings.rank_level);
            }
            if scale == Scale::RootRatio && centre > 0.0 {
                let logs = self.scaled(Scale::LogRatio, centre);
                let middle = Centre::Fixed(0.0);
                shmi_spread = Some(overdispersion(&logs, middle, Trim::Truncate(settings.trim))?);
            }
        }

        let mut members = Vec::new();
        for ((entry, value), rank) in self.entries.iter().zip(&values).zip(ranked) {
            let spreads = Spreads { root: spread, log: shmi_spread };
            members.push(MemberFigure {
                member: entry.member,
                figure: entry.figure,
                value: *value,
                rank,
                quarter: quartiles.quarter(*value),
                chance: self.against_chance(&entry.figure, centre, spreads, settings)?,
            });
        }
        let (indicator, year) = (self.position, self.year);
        Ok(Some(IndicatorComparison {
            indicator,
            year,
            centre,
            quartiles,
            spread,
            shmi_spread,
            members,
        }))
    }

    /// What members are compared with; `None` of numbers by themselves.
    fn centre(&self) -> Option<f64> {
        match self.indicator.kind {
            // Beds of one member are no expectation for another.
            IndicatorKind::Value => None,
            // Expected events are those of a reference population: who is as expected has a ratio of 1.
            IndicatorKind::Ratio => Some(1.0),
            IndicatorKind::Share | IndicatorKind::Rate => {
                let (mut events, mut base) = (0.0, 0.0);
                for entry in &self.entries {
                    events += entry.figure.events().unwrap_or(0) as f64;
                    base += entry.figure.base().unwrap_or(0.0);
                }
                (base > 0.0).then(|| events / base)
            }
        }
    }

    fn scale(&self) -> Option<Scale> {
        self.entries.first().and_then(|entry| entry.figure.scale())
    }

    /// The members on a scale; those without a place on it are left out.
    fn scaled(&self, scale: Scale, centre: f64) -> Vec<Scaled> {
        let mut members = Vec::new();
        for entry in &self.entries {
            let Some(base) = expected_base(&entry.figure, centre) else { continue };
            let value = entry.figure.events().unwrap_or(0) as f64 / base;
            if let Some(value) = scale.of(value) {
                members.push(Scaled { value, error: scale.error(base) });
            }
        }
        members
    }

    fn against_chance(
        &self,
        figure: &Figure,
        centre: Option<f64>,
        spreads: Spreads,
        settings: &ComparisonSettings,
    ) -> Result<Option<AgainstChance>, FigureError> {
        let (Some(centre), Some(base), Some(events), Some(scale)) =
            (centre, figure.base(), figure.events(), figure.scale())
        else {
            return Ok(None);
        };
        let Some(law) = figure.law(centre)? else { return Ok(None) };
        let value = figure.value();
        let of_counts = limits(&law, settings.level, settings.rule);
        // On the scale of ratios 1 is the centre: limits go back to the unit of the value by it.
        let unit = if scale == Scale::Arcsine { 1.0 } else { centre };
        let widened = |scale: Scale, spread: Option<Overdispersion>| {
            let tau = spread.map_or(0.0, |spread| spread.tau());
            let base = expected_base(figure, centre)?;
            let middle = middle(scale, centre);
            let limits = widened_limits(scale, middle, tau, base, settings.level);
            // Back from a ratio to the unit of the value.
            Some(limits.over(1.0 / unit))
        };
        // Where nobody has an event there is nothing to widen.
        let widened_root = widened(scale, spreads.root).unwrap_or_else(|| of_counts.over(base));
        let shmi = spreads.log.and_then(|spread| widened(Scale::LogRatio, Some(spread)));
        Ok(Some(AgainstChance {
            limits: of_counts.over(base),
            signal: of_counts.signal(events as f64),
            widened: widened_root,
            widened_signal: widened_root.signal(value),
            shmi,
            shmi_signal: shmi.map(|limits| limits.signal(value)),
            p_value: law.tails(events).two_sided(),
            discovery_rate: 1.0,
            reference: self.reference(figure)?,
        }))
    }

    /// The count beside the reference of the dictionary.
    fn reference(&self, figure: &Figure) -> Result<Option<AgainstReference>, FigureError> {
        let side = match self.indicator.direction {
            Direction::HigherIsBetter => Reference::AtLeast,
            Direction::LowerIsBetter => Reference::AtMost,
            Direction::Neutral => return Ok(None),
        };
        match self.indicator.reference {
            Some(reference) => against_reference(*figure, reference, side),
            None => Ok(None),
        }
    }
}

/// The centre on a scale. Rates are compared as ratios to their centre, so that each has expected events.
pub(super) fn middle(scale: Scale, centre: f64) -> f64 {
    match scale {
        Scale::Arcsine => scale.of(centre).unwrap_or(0.0),
        Scale::RootRatio => 1.0,
        Scale::LogRatio => 0.0,
    }
}

/// How large a member is on its scale: cases of a share, else the events that it would have at the centre; `None` where
/// these are 0.
pub(super) fn expected_base(figure: &Figure, centre: f64) -> Option<f64> {
    let base = match *figure {
        Figure::Share { cases, .. } => cases as f64,
        Figure::Ratio { expected: base, .. } | Figure::Rate { exposure: base, .. } => base * centre,
        Figure::Value(_) => return None,
    };
    (base > 0.0).then_some(base)
}

/// Sets the rate of false discoveries of every comparison, over all of them.
fn count_discoveries(comparison: &mut MemberComparison, dependence: Dependence) {
    // In the order in which the rates are handed back below.
    let mut p_values = Vec::new();
    for indicator in &comparison.indicators {
        for member in &indicator.members {
            p_values.extend(member.chance.as_ref().map(|chance| chance.p_value));
        }
    }
    comparison.comparisons = p_values.len();
    let mut rates = discovery_rates(&p_values, dependence).into_iter();
    for indicator in &mut comparison.indicators {
        for chance in indicator.members.iter_mut().filter_map(|member| member.chance.as_mut()) {
            chance.discovery_rate = rates.next().unwrap_or(1.0);
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::alliance::indicators::{Member, Origin};

    /// One indicator of a year, a figure a member.
    pub(in crate::alliance) fn table(
        kind: IndicatorKind,
        reference: Option<f64>,
        figures: &[Figure],
    ) -> IndicatorTable {
        let member = |position: usize| Member {
            key: format!("m{position}"),
            name: format!("Member {position}"),
            hospital: None,
        };
        let mut entries = Vec::new();
        for (member, figure) in figures.iter().enumerate() {
            let (figure, origin) = (*figure, Origin::Entered);
            entries.push(Entry { member, year: 2025, indicator: 0, figure, origin });
        }
        IndicatorTable {
            alliance: "a".into(),
            members: (0..figures.len()).map(member).collect(),
            indicators: vec![Indicator {
                key: "i".into(),
                name: "I".into(),
                kind,
                direction: Direction::LowerIsBetter,
                unit: String::new(),
                per: 1.0,
                reference,
                source: "s".into(),
                definition: "d".into(),
            }],
            entries,
        }
    }

    fn compared(table: &IndicatorTable) -> IndicatorComparison {
        let mut comparison = compare_members(table, &ComparisonSettings::default()).unwrap();
        comparison.indicators.remove(0)
    }

    #[test]
    fn one_that_differs_stands_out_by_every_rule() {
        let mut figures = vec![Figure::Ratio { events: 100, expected: 100.0 }; 9];
        figures.push(Figure::Ratio { events: 200, expected: 100.0 });
        let outcome = compared(&table(IndicatorKind::Ratio, Some(1.0), &figures));
        assert_eq!((outcome.centre, outcome.members.len()), (Some(1.0), 10));
        let last = &outcome.members[9];
        let chance = last.chance.as_ref().unwrap();
        assert_eq!((chance.signal, chance.widened_signal), (Signal::High, Signal::High));
        assert_eq!(chance.shmi_signal, Some(Signal::High));
        assert!(chance.discovery_rate < 1e-6 && chance.discovery_rate >= chance.p_value);
        let reference = chance.reference.unwrap();
        assert!(reference.is_beyond && reference.is_unusual && reference.is_significant);
        assert_eq!((last.rank.rank, last.rank.lowest, last.quarter), (10, Some(10), 4));
        // The others are as expected: 9 equal ones have the same rank, and any of the first nine.
        let first = &outcome.members[0];
        assert_eq!((first.rank.lowest, first.rank.highest), (Some(1), Some(9)));
        assert_eq!(first.chance.as_ref().unwrap().signal, Signal::Within);
    }

    #[test]
    fn limits_of_a_rate_are_in_its_own_unit() {
        // Ten events in 1,000 days are the centre; a member of 1,000 days has the limits of ten expected.
        let figures = [
            Figure::Rate { events: 10, exposure: 1_000.0 },
            Figure::Rate { events: 20, exposure: 2_000.0 },
            Figure::Rate { events: 30, exposure: 3_000.0 },
        ];
        let settings = ComparisonSettings::default().level(Level::P95);
        let rates = table(IndicatorKind::Rate, None, &figures);
        let outcome = compare_members(&rates, &settings).unwrap();
        let first = outcome.indicators[0].members[0].chance.as_ref().unwrap();
        assert!((first.limits.lower.unwrap() * 1_000.0 - 4.183_458).abs() < 1e-5);
        assert!((first.limits.upper.unwrap() * 1_000.0 - 16.748_112).abs() < 1e-5);
        // Without overdispersion SHMI's limits are exp(+-1.96 / sqrt(10)) of the centre.
        let shmi = first.shmi.unwrap().upper.unwrap();
        assert!((shmi - 0.01 * (1.959_964 / 10.0_f64.sqrt()).exp()).abs() < 1e-7);
    }

    #[test]
    fn overdispersion_calls_large_members_usual_that_chance_calls_unusual() {
        let events = [9_500, 10_500, 9_700, 10_300, 9_600, 10_400, 10_000, 9_550, 10_450, 10_000];
        let figures = events.map(|events| Figure::Ratio { events, expected: 10_000.0 });
        let outcome = compared(&table(IndicatorKind::Ratio, None, &figures));
        let signals = |pick: fn(&AgainstChance) -> Signal| {
            let members =
                outcome.members.iter().map(|member| pick(member.chance.as_ref().unwrap()));
            members.filter(|signal| *signal != Signal::Within).count()
        };
        // 9,700 and 10,300 are three deviations away, just within 99.8 %.
        assert!(outcome.spread.unwrap().phi > 5.0);
        assert_eq!(
            (signals(|chance| chance.signal), signals(|chance| chance.widened_signal)),
            (6, 0)
        );
    }

    #[test]
    fn nobody_with_an_event_and_nobody_to_compare_with_have_an_answer() {
        let none = [Figure::Share { events: 0, cases: 50 }; 3];
        let outcome = compared(&table(IndicatorKind::Share, Some(0.1), &none));
        assert_eq!(outcome.centre, Some(0.0));
        assert_eq!(outcome.members[0].chance.as_ref().unwrap().signal, Signal::Within);
        let none = [Figure::Rate { events: 0, exposure: 50.0 }; 3];
        let outcome = compared(&table(IndicatorKind::Rate, None, &none));
        assert_eq!(outcome.members[0].chance.as_ref().unwrap().widened_signal, Signal::Within);
        let alone = table(IndicatorKind::Value, None, &[Figure::Value(3.0)]);
        let comparison = compare_members(&alone, &ComparisonSettings::default()).unwrap();
        assert_eq!(comparison.not_compared, [(0, NotCompared::OneMember)]);
        let settings = ComparisonSettings::default().year(1999);
        let comparison = compare_members(&alone, &settings).unwrap();
        assert_eq!(comparison.not_compared, [(0, NotCompared::NoFigure)]);
    }

    #[test]
    fn peers_alone_are_compared_when_asked_for() {
        let figures = [1.0, 2.0, 3.0, 100.0].map(Figure::Value);
        let beds = table(IndicatorKind::Value, None, &figures);
        let settings = ComparisonSettings::default().among([0, 1, 2]);
        let outcome = compare_members(&beds, &settings).unwrap();
        assert_eq!(outcome.indicators[0].quartiles.median, 2.0);
        assert_eq!(outcome.indicators[0].members.len(), 3);
        assert_eq!(outcome.comparisons, 0);
    }
}
