//! How long until treatment, by pathway.

use rayon::prelude::*;
use serde::Serialize;

use crate::model::{Ends, Pathway, UnknownSite};
use crate::pathways::{Outcome, PathwayError, Prepared, Query, StageTimes, TargetResult};
use crate::region::Region;

/// How long until treatment on one pathway, over everybody inside.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PathwayFigures {
    /// The pathway.
    pub pathway: Pathway,
    /// Expected cases a year of people inside; `None` where the pathway does not say whose cases it takes.
    pub cases_inside: Option<f64>,
    /// The first door, then every stage, in order.
    pub stages: Vec<StageTimes>,
    /// How many meet each of the pathway's targets, in their order.
    pub targets: Vec<TargetResult>,
}

impl PathwayFigures {
    /// The figures of an outcome, without the bands of the travel times.
    pub fn of(outcome: &Outcome<'_, '_>) -> Self {
        Self {
            pathway: outcome.prepared().pathway().clone(),
            cases_inside: cases_inside(outcome),
            stages: outcome.stages(),
            targets: outcome.targets(),
        }
    }

    /// The same with the band of each share; `ends` are those of the outcome's region ([`Region::ends`]), without which
    /// there is none. It costs three times as much.
    pub fn over_band(outcome: &Outcome<'_, '_>, ends: Option<&Ends<Region>>) -> Self {
        let figures = Self::of(outcome);
        match ends {
            Some(ends) => Self { targets: outcome.targets_over(ends), ..figures },
            None => figures,
        }
    }
}

/// Expected cases a year of people inside, summed in the order of the region's parts.
fn cases_inside(outcome: &Outcome<'_, '_>) -> Option<f64> {
    let region = outcome.prepared().region();
    let mut sum = 0.0;
    for (part, cases) in region.parts().iter().zip(outcome.cases()?) {
        if !region.place(part.place).outside {
            sum += cases;
        }
    }
    Some(sum)
}

/// Every pathway of the catalog, in its order, as a query asks: by the fastest way over the whole week, unless it
/// says otherwise; shares in time with their bands. An error where nobody in the network can do a stage.
///
/// ```
/// use verbund::Region;
/// use verbund::overview::pathway_figures;
/// use verbund::pathways::Query;
///
/// let figures = pathway_figures(&Region::leipzig()?, &Query::default());
/// let stroke = figures[0].as_ref().map_err(Clone::clone)?;
/// assert_eq!(stroke.pathway.key, "stroke");
/// assert!(stroke.targets.iter().all(|target| target.share.is_some()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn pathway_figures(
    region: &Region,
    query: &Query,
) -> Vec<Result<PathwayFigures, PathwayError>> {
    let ends = region.ends();
    let figures = |pathway: &Pathway| {
        let prepared = Prepared::new(region, pathway, &[])?;
        Ok(PathwayFigures::over_band(&prepared.evaluate(query)?, ends.as_ref()))
    };
    region.network().catalog().pathways.par_iter().map(figures).collect()
}

/// Every pathway of the catalog by the fastest way over the whole week, and the hospitals of which the data do
/// not say whether they can do some stage.
pub(super) fn pathways(
    region: &Region,
) -> (Vec<Result<PathwayFigures, PathwayError>>, Vec<UnknownSite>) {
    let catalog = region.network().catalog();
    let prepared: Vec<Result<Prepared<'_>, PathwayError>> =
        catalog.pathways.par_iter().map(|pathway| Prepared::new(region, pathway, &[])).collect();

    let (query, ends) = (Query::default(), region.ends());
    let evaluate = |prepared: &Result<Prepared<'_>, PathwayError>| {
        let prepared = prepared.as_ref().map_err(Clone::clone)?;
        Ok(PathwayFigures::over_band(&prepared.evaluate(&query)?, ends.as_ref()))
    };
    let figures = prepared.par_iter().map(evaluate).collect();

    // A hospital that several pathways know too little of is named once, with all of it.
    let mut unknown = Vec::new();
    for prepared in prepared.iter().flatten() {
        unknown.extend(prepared.unknown_sites());
    }
    (figures, UnknownSite::merged(unknown))
}
