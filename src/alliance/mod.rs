//! How the members of an alliance compare, and what the alliance is to the region.
//!
//! Members exchange figures and compare them; membership alone changes nothing in care. A comparison says who differs by
//! more than chance ([`limits`], [`against_reference`]), by more than members differ anyway ([`overdispersion()`]), and how often
//! such a finding is wrong ([`discovery_rates`]). It makes no league table: a rank has its interval ([`ranks_with_intervals`]).

mod comparison;
mod computed;
mod counts;
mod curve;
mod discovery;
mod error;
mod funnel;
mod halving;
mod indicators;
#[expect(clippy::doc_markdown, reason = "DerSimonian is written as she writes herself")]
mod overdispersion;
mod peers;
mod published;
mod ranks;
mod read;
mod reference;
mod release;
mod view;
mod without;
mod xmr;

pub use comparison::{
    AgainstChance, ComparisonSettings, IndicatorComparison, MemberComparison, MemberFigure,
    NotCompared, compare_members,
};
pub use computed::{ComputedSettings, computed_indicators};
pub use counts::{Law, MOST_EVENTS, Tails};
pub use curve::{FunnelPoint, funnel_lines};
pub use discovery::{Dependence, discovery_rates};
pub use error::{AllianceError, FigureError};
pub use funnel::{Level, LimitRule, Limits, Signal, chi_square_limits, limits};
pub use indicators::{
    Direction, Entry, Figure, Indicator, IndicatorKind, IndicatorTable, Member, Origin, members_of,
};
pub use overdispersion::{
    Centre, Overdispersion, Scale, Scaled, Trim, overdispersion, quantile, widened_limits,
};
pub use peers::{FEWEST_PEERS, Peers, Role, Size, Widened, peers, role_of};
pub use published::{
    AllianceTotals, PUBLIC_LIMITS, published_deprivation, published_indicators, published_totals,
};
pub use ranks::{Quartiles, Rank, ranks, ranks_with_intervals};
pub use read::{DICTIONARY_COLUMNS, FIGURE_COLUMNS, read_deprivation, read_indicators};
pub use reference::{AgainstReference, Reference, UNUSUAL, against_reference};
pub use release::{
    Cell, CountTable, MOST_LINES, Range, Release, ReleaseSettings, ReleasedTable, Suppressed,
    attack, protect, release,
};
pub use view::{AllianceView, alliance_view, alliances_of, purpose_in_words};
pub use without::{
    CareMoved, Concentrated, Overfull, StageMoved, StandardMoved, WithoutMember, concentrate,
    without_member,
};
pub use xmr::{Assurance, FEWEST_POINTS, SpecialCause, Variation, Xmr, XmrPoint, XmrSettings, xmr};
