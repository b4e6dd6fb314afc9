//! The lines of a funnel: limits at every size that a member might have.

use serde::Serialize;

use super::comparison::{ComparisonSettings, IndicatorComparison, expected_base, middle};
use super::error::FigureError;
use super::funnel::{Limits, limits};
use super::indicators::Figure;
use super::overdispersion::{Scale, widened_limits};

/// Limits at one size, in the unit of the members' values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FunnelPoint {
    /// Cases, expected events or exposure, as [`Figure::base`] has them.
    pub base: f64,
    /// Limits by chance alone.
    pub limits: Limits,
    /// Limits with how members differ anyway, as [`AgainstChance::widened`](super::AgainstChance::widened) has them.
    pub widened: Limits,
}

/// Points of a line: enough that a reader sees no corner.
const POINTS: u32 = 48;

/// The lines of the funnel in which the members of a comparison lie, from half the smallest to a little more than the
/// largest, by rising base; the settings are those of the comparison. At the base of a member they are its own limits.
///
/// None for numbers by themselves, and where nobody has an event: there is no chance to draw.
///
/// # Errors
///
/// When the centre is no value of the kind.
///
/// ```
/// use verbund::Region;
/// use verbund::alliance::{ComparisonSettings, ComputedSettings, compare_members, computed_indicators, funnel_lines};
/// use verbund::routing::ChoiceModel;
///
/// let region = Region::leipzig()?;
/// let settings = ComputedSettings::new(ChoiceModel::Huff.usual()).without_pathways();
/// let table = computed_indicators(&region, "landkreis-nordsachsen", &settings)?;
/// let settings = ComparisonSettings::default();
/// let comparison = compare_members(&table, &settings)?;
/// // Beds are a number by themselves.
/// assert!(funnel_lines(&comparison.indicators[0], &settings)?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn funnel_lines(
    comparison: &IndicatorComparison,
    settings: &ComparisonSettings,
) -> Result<Vec<FunnelPoint>, FigureError> {
    let (mut smallest, mut largest) = (f64::INFINITY, 0.0_f64);
    for member in &comparison.members {
        let Some(base) = member.figure.base() else { return Ok(Vec::new()) };
        smallest = smallest.min(base);
        largest = largest.max(base);
    }
    let (Some(centre), Some(first)) = (comparison.centre, comparison.members.first()) else {
        return Ok(Vec::new());
    };
    if centre <= 0.0 {
        return Ok(Vec::new());
    }

    let (low, high) = (0.5 * smallest, 1.05 * largest);
    let mut points: Vec<FunnelPoint> = Vec::new();
    for step in 0..=POINTS {
        // The funnel bends where members are small: there the points lie closer.
        let share = f64::from(step) / f64::from(POINTS);
        let figure = sized(&first.figure, low + (high - low) * share * share);
        // Whole cases: of few, several steps are the same.
        let is_new = points.last().is_none_or(|before| figure.base() > Some(before.base));
        if is_new {
            points.extend(point(&figure, centre, comparison, settings)?);
        }
    }
    Ok(points)
}

/// A figure of the same kind and of this size, with no event.
fn sized(figure: &Figure, base: f64) -> Figure {
    match figure {
        Figure::Share { .. } => Figure::Share { events: 0, cases: base.round().max(1.0) as u64 },
        Figure::Ratio { .. } => Figure::Ratio { events: 0, expected: base },
        Figure::Rate { .. } => Figure::Rate { events: 0, exposure: base },
        Figure::Value(number) => Figure::Value(*number),
    }
}

/// The limits at the size of a figure.
fn point(
    figure: &Figure,
    centre: f64,
    comparison: &IndicatorComparison,
    settings: &ComparisonSettings,
) -> Result<Option<FunnelPoint>, FigureError> {
    let (Some(base), Some(scale), Some(law)) = (figure.base(), figure.scale(), figure.law(centre)?)
    else {
        return Ok(None);
    };
    let by_chance = limits(&law, settings.level, settings.rule).over(base);
    let mut widened = by_chance;
    if let Some(size) = expected_base(figure, centre) {
        let tau = comparison.spread.map_or(0.0, |spread| spread.tau());
        let limits = widened_limits(scale, middle(scale, centre), tau, size, settings.level);
        // On the scale of ratios 1 is the centre.
        let unit = if scale == Scale::Arcsine { 1.0 } else { centre };
        widened = limits.over(1.0 / unit);
    }
    Ok(Some(FunnelPoint { base, limits: by_chance, widened }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alliance::comparison::tests::table;
    use crate::alliance::{IndicatorKind, compare_members};

    fn compared(kind: IndicatorKind, figures: &[Figure]) -> IndicatorComparison {
        let table = table(kind, None, figures);
        let mut comparison = compare_members(&table, &ComparisonSettings::default()).unwrap();
        comparison.indicators.remove(0)
    }

    /// At the size of a member the lines are what the member is held against.
    fn goes_through_members(kind: IndicatorKind, figures: &[Figure]) {
        let settings = ComparisonSettings::default();
        let comparison = compared(kind, figures);
        for member in &comparison.members {
            let centre = comparison.centre.unwrap();
            let point = point(&member.figure, centre, &comparison, &settings).unwrap().unwrap();
            let chance = member.chance.as_ref().unwrap();
            assert_eq!((point.limits, point.widened), (chance.limits, chance.widened));
        }
        let lines = funnel_lines(&comparison, &settings).unwrap();
        assert!(lines.len() > 40 && lines.is_sorted_by(|a, b| a.base < b.base));
        // The larger, the narrower.
        let width =
            |point: &FunnelPoint| point.widened.upper.unwrap() - point.widened.lower.unwrap();
        assert!(width(&lines[5]) > width(lines.last().unwrap()));
    }

    #[test]
    fn lines_go_through_the_limits_of_members() {
        goes_through_members(
            IndicatorKind::Share,
            &[
                Figure::Share { events: 30, cases: 300 },
                Figure::Share { events: 80, cases: 1_000 },
                Figure::Share { events: 70, cases: 500 },
            ],
        );
        goes_through_members(
            IndicatorKind::Ratio,
            &[
                Figure::Ratio { events: 130, expected: 100.0 },
                Figure::Ratio { events: 70, expected: 90.5 },
                Figure::Ratio { events: 500, expected: 480.0 },
            ],
        );
        goes_through_members(
            IndicatorKind::Rate,
            &[
                Figure::Rate { events: 10, exposure: 1_000.0 },
                Figure::Rate { events: 90, exposure: 9_000.0 },
                Figure::Rate { events: 20, exposure: 5_000.0 },
            ],
        );
    }

    #[test]
    fn few_cases_and_no_event_have_an_answer() {
        let settings = ComparisonSettings::default();
        let few = [Figure::Share { events: 1, cases: 2 }, Figure::Share { events: 1, cases: 3 }];
        let lines = funnel_lines(&compared(IndicatorKind::Share, &few), &settings).unwrap();
        let bases: Vec<f64> = lines.iter().map(|point| point.base).collect();
        assert_eq!(bases, [1.0, 2.0, 3.0]);
        let none = [Figure::Share { events: 0, cases: 50 }; 3];
        let lines = funnel_lines(&compared(IndicatorKind::Share, &none), &settings).unwrap();
        assert!(lines.is_empty());
    }
}
