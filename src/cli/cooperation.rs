//! `verbund cooperation`

use clap::{Args, ValueEnum};
use verbund::impact::{
    self, CandidateKind, CooperationGroup, CooperationValue, Shapley, ShapleySettings, Study,
    Suggestions,
};
use verbund::model::{Cooperation, CooperationId, Hours, Pathway};
use verbund::pathways::Outage;
use verbund::report::{self, ProtocolSuggestions, ProtocolValue, ProtocolValues, SuggestionsView};

use super::query::{self, Calls, Choosing, Faults};
use super::{Common, input, output};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Show what this cooperation is and changes, by key [default: all, ranked]
    cooperation: Option<String>,
    /// Only these care pathways, by key or name [default: all]
    #[arg(long, value_name = "PATHWAY")]
    condition: Vec<String>,
    /// With a cooperation: what changes when it only works in these hours, such as "Mon-Fri 8-16"
    #[arg(long, value_name = "HOURS", requires = "cooperation")]
    hours: Option<Hours>,
    /// Which cooperations of this kind that do not exist would bring most
    #[arg(long, value_enum, conflicts_with = "cooperation", requires = "field")]
    suggest: Option<Kind>,
    /// With --suggest: the field, such as neurology
    #[arg(long, value_name = "FIELD", requires = "suggest")]
    field: Option<String>,
    /// With --suggest: how many to choose
    #[arg(long, value_name = "COUNT", default_value_t = 3, requires = "suggest", value_parser = clap::value_parser!(u16).range(1..=50))]
    count: u16,
    /// Share out only what these cooperations bring together, by key; may be given several times
    /// [default: all that serve the pathways]
    #[arg(long, value_name = "COOPERATION", conflicts_with_all = ["cooperation", "suggest"])]
    among: Vec<String>,
    /// Orders that are drawn for the shares where more than twelve cooperations serve a pathway
    #[arg(long, value_name = "COUNT", default_value_t = 400, value_parser = clap::value_parser!(u32).range(4..=100_000))]
    #[arg(conflicts_with_all = ["cooperation", "suggest"])]
    orders: u32,
    /// Seed of these orders
    #[arg(long, value_name = "NUMBER", default_value_t = 1, conflicts_with_all = ["cooperation", "suggest"])]
    seed: u64,
    #[command(flatten)]
    calls: Calls,
    #[command(flatten)]
    choice: Choosing,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// An expert helps a site from afar
    Telemedicine,
    /// An expert's team travels to a site
    VisitingTeam,
    /// A centre works for a site
    CentralService,
    /// A site hands patients on
    Transfer,
}

impl Kind {
    fn candidate(self) -> CandidateKind {
        match self {
            Self::Telemedicine => CandidateKind::Telemedicine,
            Self::VisitingTeam => CandidateKind::VisitingTeam,
            Self::CentralService => CandidateKind::CentralService,
            Self::Transfer => CandidateKind::Transfer,
        }
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<bool> {
    arguments.choice.check()?;
    output::check(common)?;
    let (_, region) = input::region(common)?;
    let network = region.network();
    let mut faults = Faults::default();
    let pathways = query::pathways(&region, &arguments.condition, &mut faults);
    let query =
        query::of_study(&region, (&arguments.calls, &arguments.choice), &pathways, &mut faults);
    let field = arguments.field.as_deref();
    let field = field.and_then(|typed| faults.take(query::field(network, typed)));
    let named = arguments.cooperation.as_deref();
    let index = named.and_then(|name| faults.take(query::cooperation(network, name)));
    if let Some(index) = index {
        faults.take(arguments.choice.refuse_about(network, index));
    }
    let among: Vec<Option<CooperationId>> =
        arguments.among.iter().map(|name| faults.take(query::cooperation(network, name))).collect();
    let among: Vec<CooperationId> = among.into_iter().flatten().collect();
    faults.tell()?;
    let mut added = arguments.choice.added(&region);
    let show =
        |document| output::print(common, &arguments.choice.tell(document, &region, &pathways));
    let (lead, beside) = arguments.choice.protocols();
    let query = query.protocol(lead);
    if let (Some(kind), Some(field)) = (arguments.suggest, &field) {
        if !added.is_empty() {
            anyhow::bail!(
                "--suggest looks beyond what exists; --add and --limit do not go with it"
            );
        }
        let what = (kind.candidate(), field.as_str());
        let count = usize::from(arguments.count);
        let waiting = input::waiting("trying every pair of hospitals");
        let search = |study| Suggested::find(study, &pathways, what, count);
        let lead = Study::new(&region, &pathways, &[], query)?;
        let beside = beside.map(|protocol| search(lead.under(protocol))).transpose()?;
        let lead = search(lead)?;
        waiting.finish_and_clear();
        let (lead, beside) = (lead.shown(), beside.as_ref().map(Suggested::shown));
        let view = SuggestionsView { kind: what.0, field: what.1, count };
        show(report::suggestions(&view, &lead, beside.as_ref()))?;
        return Ok(true);
    }
    let Some(index) = index else {
        let settings = ShapleySettings {
            pairs: arguments.orders.div_ceil(2) as usize,
            seed: arguments.seed,
            ..ShapleySettings::default()
        };
        let waiting = input::waiting("ending one cooperation after another");
        let lead = Study::new(&region, &pathways, &added, query)?;
        query::refuse_unmet(&lead, &arguments.condition)?;
        let players = if among.is_empty() { lead.relevant() } else { among };
        let beside = beside.map(|protocol| lead.under(protocol));
        let beside = beside.map(|study| Valued::new(study, &players, &settings));
        let lead = Valued::new(lead, &players, &settings);
        waiting.finish_and_clear();
        let (lead, beside) = (lead.shown(), beside.as_ref().map(Valued::shown));
        show(report::cooperations(&lead, beside.as_ref()))?;
        return Ok(true);
    };
    let own = &network[index];
    // With other hours: the same cooperation once more, behind all others.
    let other = network.added_cooperation(added.len());
    if let Some(hours) = arguments.hours {
        added.push(Cooperation { hours, ..own.clone() });
    }
    let mut without_other = query.clone();
    if arguments.hours.is_some() {
        without_other.outage.cooperations.insert(other);
    }
    let study = Study::new(&region, &pathways, &added, without_other)?;
    query::refuse_unmet(&study, &arguments.condition)?;
    let limited = match arguments.hours {
        Some(hours) => Some((hours, Study::new(&region, &pathways, &added, query)?)),
        None => None,
    };
    let studies = (&study, beside.map(|protocol| study.under(protocol)));
    let value = |study| {
        let study: &Study<'_> = study;
        let limited = limited.as_ref().map(|(hours, with_other)| {
            let with_other = with_other.under(study.query().protocol);
            let (in_all, in_some) = (Outage::of_cooperation(other), Outage::of_cooperation(index));
            (*hours, with_other.compare(&in_some, &in_all))
        });
        ProtocolValue { study, value: study.value(index), limited }
    };
    let lead = value(studies.0);
    let beside = studies.1.as_ref().map(value);
    show(report::cooperation(own, &lead, beside.as_ref()))?;
    Ok(true)
}

/// What to add next under one protocol.
struct Suggested<'r> {
    study: Study<'r>,
    found: Suggestions,
}

impl<'r> Suggested<'r> {
    fn find(
        study: Study<'r>,
        pathways: &[&'r Pathway],
        what: (CandidateKind, &str),
        count: usize,
    ) -> anyhow::Result<Self> {
        let found = impact::suggest(study.region(), pathways, what, count, study.query())?;
        Ok(Self { study, found })
    }

    fn shown(&self) -> ProtocolSuggestions<'_, 'r> {
        ProtocolSuggestions { study: &self.study, found: &self.found }
    }
}

/// What cooperations change under one protocol.
struct Valued<'r> {
    study: Study<'r>,
    values: Vec<CooperationValue>,
    shapley: Shapley,
    groups: Vec<CooperationGroup>,
}

impl<'r> Valued<'r> {
    fn new(study: Study<'r>, players: &[CooperationId], settings: &ShapleySettings) -> Self {
        let (values, shapley) = (study.values(), study.shapley(players, settings));
        let groups = study.groups();
        Self { study, values, shapley, groups }
    }

    fn shown(&self) -> ProtocolValues<'_, 'r> {
        let Self { study, values, shapley, groups } = self;
        ProtocolValues { study, values, shapley, groups }
    }
}
