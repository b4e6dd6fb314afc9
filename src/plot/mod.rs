//! Results as pictures: SVG with axes, units and sources, for people who would rather look than read a table.
//!
//! | picture | of | function |
//! |---|---|---|
//! | people by minutes | [`coverage::MinutesOfPeople`](crate::coverage::MinutesOfPeople) | [`minutes()`] |
//! | occupied beds over the days | [`simulation::DayCensus`](crate::simulation::DayCensus) | [`occupancy()`] |
//! | known stays and fitted laws | [`simulation::Stays`](crate::simulation::Stays) | [`stays()`] |
//! | what each factor changes | [`simulation::Tornado`](crate::simulation::Tornado) | [`tornado()`] |
//! | closures against people in time | [`planning::closures::Frontier`](crate::planning::closures::Frontier) | [`frontier()`] |
//! | members against chance | [`alliance::funnel_lines`](crate::alliance::funnel_lines) | [`funnel()`] |
//! | a member over the years | [`alliance::Xmr`](crate::alliance::Xmr) | [`years()`] |
//!
//! A picture shows numbers of its result and computes none. It is 360 units wide, so that its letters can be read on a
//! phone; what colours tell apart, shapes, strokes and words do as well, so that it can be read in grey. It holds no
//! script, no style, no font and no address that a reader would load, and has a title and a description for those who
//! hear it. Its texts are in the language in force ([`words`](crate::words)).
//!
//! Drawn by hand: `plotters` would bring 140 KB and seconds of build for the same lines, and neither wraps texts, nor
//! names what it draws, nor leaves names out of the way of axes.

mod axis;
mod frontier;
mod funnel;
mod minutes;
mod occupancy;
mod sheet;
mod source;
mod stays;
mod text;
mod tornado;
mod years;

pub use frontier::frontier;
pub use funnel::{FunnelView, funnel};
pub use minutes::minutes;
pub use occupancy::{OccupancyCurve, OccupancyView, occupancy};
pub use source::Source;
pub use stays::stays;
pub use tornado::tornado;
pub use years::{YearsView, years};

/// A picture, ready to be written or to stand in a page.
///
/// ```
/// use verbund::plot::{self, Source};
/// use verbund::{Region, coverage};
///
/// let region = Region::leipzig()?;
/// let standard = region.network().catalog().standard("stroke_unit").unwrap();
/// let minutes = coverage::minutes_of_people(&region, standard)?;
/// let plot = plot::minutes(&[minutes], &Source::of(&region))?;
/// assert!(plot.svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
/// assert!(plot.svg.contains("within 30 min: 1,001,286 people (94.6 %)"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plot {
    /// The picture: one `svg` element, which is a whole file, too.
    pub svg: String,
    /// What it shows, in a line.
    pub title: String,
}

/// Why there is no picture: there is nothing to draw. Its message is the sentence to tell instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NothingToDraw {
    /// There is nobody whose minutes could be drawn.
    #[error("nothing to draw: nobody lives there for whom a standard is")]
    NoPeople,
    /// No day was simulated, or there are no beds.
    #[error("nothing to draw: no day was simulated, or no hospital inside has beds")]
    NoDays,
    /// Stays are known by their medians only, or not at all.
    #[error("nothing to draw: no stays are listed one by one")]
    NoStays,
    /// No factor has both ends.
    #[error("nothing to draw: no factor was simulated at both of its ends")]
    NoBars,
    /// No hospital may close.
    #[error("nothing to draw: no hospital that meets the standard may close, or nobody is in time")]
    NoClosures,
    /// The indicator has no limits of chance.
    #[error(
        "nothing to draw: a funnel needs counts of at least two members with an event; numbers by themselves have no limits of chance"
    )]
    NoFunnel,
    /// There is no year.
    #[error("nothing to draw: the member has no year with a figure")]
    NoYears,
}
