//! `verbund alliance`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::bail;
use clap::{ArgGroup, Args};
use verbund::Region;
use verbund::alliance::{
    self, AllianceView, ComparisonSettings, ComputedSettings, Indicator, IndicatorTable, Level,
    MemberComparison, Peers, ReleaseSettings, XmrSettings, alliance_view,
};
use verbund::model::{Model, Network};
use verbund::names::{self, Entry};
use verbund::plot::{FunnelView, NothingToDraw, Source, YearsView};
use verbund::random::Seed;
use verbund::report::{self, AllianceComparison, AllianceYears, ComparedBy, Document};
use verbund::routing::ChoiceModel;
use verbund::said;

use super::after::{Answered, ScenarioOptions};
use super::faults::Faults;
use super::faults::fault;
use super::{Common, Ending, choice, input, output, plot};

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("question").args(["indicators", "compare", "over_years", "release", "without", "concentrate"]))]
#[command(group = ArgGroup::new("of_members").args(["compare", "over_years"]))]
#[expect(clippy::struct_excessive_bools, reason = "flags, each by itself")]
pub(super) struct Arguments {
    /// Show this alliance, by key or name [default: list all]
    alliance: Option<String>,
    /// List the indicators of its members with their years, units, sources and definitions
    #[arg(long, requires = "alliance")]
    indicators: bool,
    /// Compare its members: every indicator with the quartiles of the members; or those of --indicator, of --member
    #[arg(long, requires = "alliance")]
    compare: bool,
    /// One indicator over the years for --member, with limits and what each year says
    #[arg(long, value_name = "INDICATOR", requires_all = ["alliance", "member"])]
    over_years: Option<String>,
    /// Counts for people outside: members without their names, in an order drawn from this secret number
    #[arg(long, value_name = "SECRET", requires_all = ["alliance", "figures"])]
    release: Option<u64>,
    /// What the region would lose or gain without this member: if it closed, and if it only left
    #[arg(long, value_name = "HOSPITAL", requires = "alliance")]
    without: Option<String>,
    /// Which standards fall if its members concentrate this field, such as neurology, at one of them
    #[arg(long, value_name = "FIELD", requires = "alliance")]
    concentrate: Option<String>,
    /// With --compare: the members in this indicator, by key or name
    #[arg(long, value_name = "INDICATOR", requires = "compare", conflicts_with = "member")]
    indicator: Option<String>,
    /// With --compare: every indicator of this member beside the others, by key or name
    #[arg(long, value_name = "MEMBER", requires = "of_members")]
    member: Option<String>,
    /// With --compare and --member: only members of its role and size
    #[arg(long, requires = "member", requires = "compare")]
    peers: bool,
    /// Figures of the members (CSV: member,year,indicator,count,denominator,expected,unit)
    #[arg(long, value_name = "FILE", requires = "dictionary")]
    figures: Option<PathBuf>,
    /// What their indicators are (CSV: id,name,kind,direction,unit,per,reference,source,definition)
    #[arg(long, value_name = "FILE", requires = "figures")]
    dictionary: Option<PathBuf>,
    /// And what the network gives: beds, cases, occupancy, catchment, transfers, partners
    #[arg(long)]
    computed: bool,
    /// With --computed: an index of deprivation (CSV: district,index) [default: the GISD of 2021 for the districts around
    /// Leipzig]
    #[arg(long, value_name = "FILE", requires = "computed")]
    deprivation: Option<PathBuf>,
    /// With --compare: the year [default: the latest of each indicator]
    #[arg(long, value_name = "YEAR", requires = "compare", value_parser = clap::value_parser!(i16).range(1950..=2100))]
    year: Option<i16>,
    /// With --compare: how much of chance lies within the limits, in per cent
    #[arg(long, value_name = "PERCENT", requires = "compare", default_value_t = 99.8, value_parser = input::number)]
    level: f64,
    /// With --release: smaller counts are kept back
    #[arg(long, value_name = "COUNT", requires = "release", default_value_t = 5, value_parser = clap::value_parser!(u64).range(2..=1_000))]
    threshold: u64,
    /// Draw the members against chance (with --compare --indicator), or the years (with --over-years), into this
    /// file (SVG)
    #[arg(long, value_name = "FILE.svg", requires = "of_members")]
    plot: Option<PathBuf>,
    /// How patients choose a hospital
    #[arg(long, default_value = "huff", value_parser = choice::plain())]
    choice: ChoiceModel,
    #[command(flatten)]
    after: ScenarioOptions,
}

impl Arguments {
    /// The file of the picture.
    pub(super) fn plot(&self) -> Option<&Path> {
        self.plot.as_deref()
    }

    /// Files that cannot be written, and a picture of nothing.
    fn check(&self, common: &Common) -> anyhow::Result<()> {
        let mut faults = Faults::default();
        faults.note(output::check(common));
        plot::check(common, self.plot(), ("", None), &mut faults);
        plot::check_single(&self.after, self.plot(), &mut faults);
        if self.plot.is_some() && self.compare && self.indicator.is_none() {
            faults.add(&fault!("--plot with --compare needs an --indicator: a picture is of one"));
        }
        faults.tell()
    }
}

pub(super) fn run(common: &Common, arguments: &Arguments) -> anyhow::Result<Ending> {
    arguments.check(common)?;
    let networks = arguments.after.read(common)?;
    let after = networks.names();
    // Membership has no hours: what counts is the region once all of a change is in force.
    networks.answer(common, |region| {
        let subject = Subject { model: &networks.model, region, after: after.as_deref() };
        let document = match &arguments.alliance {
            None => report::list_alliances(region),
            Some(typed) => answer(arguments, subject, typed)?,
        };
        Ok(Answered::done(document))
    })
}

/// What an answer is about.
#[derive(Clone, Copy)]
struct Subject<'a> {
    model: &'a Model,
    region: &'a Region,
    /// Names of the scenarios that have settled.
    after: Option<&'a str>,
}

/// What is asked of one alliance.
fn answer(arguments: &Arguments, subject: Subject<'_>, typed: &str) -> anyhow::Result<Document> {
    let Subject { model, region, after } = subject;
    let network = region.network();
    let view = alliance_view(network, find(network, typed)?)?;
    let key = view.alliance.key.as_str();
    let choice = arguments.choice.usual();
    if let Some(name) = &arguments.without {
        let hospital = &network[input::hospital(model, region, name)?].key;
        let without = alliance::without_member(region, key, hospital, choice)?;
        return Ok(report::alliance_without(region, &view, &without));
    }
    if let Some(name) = &arguments.concentrate {
        let specialties = &network.catalog().specialties;
        let mut entries = Vec::new();
        for specialty in specialties {
            entries.push(Entry::new(&specialty.key, &specialty.name).or(&specialty.name_de));
        }
        let specialty = &specialties[names::pick("field", name, &entries)?].key;
        let options = alliance::concentrate(region, key, specialty, choice)?;
        return Ok(report::alliance_concentrated(region, &view, specialty, &options));
    }
    if !is_about_figures(arguments) {
        return Ok(report::alliance(region, &view, &alliance::published_totals(key)));
    }

    let asked = Asked { arguments, region, view: &view, after };
    let table = asked.table()?;
    if let Some(secret) = arguments.release {
        let settings = ReleaseSettings::new(Seed(secret)).threshold(arguments.threshold);
        let release = alliance::release(&table, settings)?;
        return Ok(report::alliance_release(region, &view, &release, arguments.threshold));
    }
    if let Some(name) = &arguments.over_years {
        return asked.over_years(&table, name);
    }
    if arguments.compare {
        return asked.comparison(&table);
    }
    Ok(report::alliance_indicators(region, &view, &table))
}

/// Whether figures are asked for, and not the alliance itself.
fn is_about_figures(arguments: &Arguments) -> bool {
    let is_asked = arguments.indicators || arguments.compare || arguments.over_years.is_some();
    is_asked || arguments.release.is_some() || arguments.figures.is_some() || arguments.computed
}

/// The key of the alliance that a typed name means.
pub(super) fn find<'n>(network: &'n Network, typed: &str) -> anyhow::Result<&'n str> {
    let alliances = network.alliances();
    if alliances.is_empty() {
        bail!(fault!("the network has no alliance"));
    }
    Ok(&alliances[input::listed("alliance", typed, alliances)?].key)
}

/// The members in the indicator at a position of the table.
#[derive(Clone, Copy)]
struct Compared<'c> {
    position: usize,
    comparison: &'c MemberComparison,
    settings: &'c ComparisonSettings,
}

/// A question about figures.
struct Asked<'a> {
    arguments: &'a Arguments,
    region: &'a Region,
    view: &'a AllianceView,
    /// Names of the scenarios that have settled.
    after: Option<&'a str>,
}

impl Asked<'_> {
    /// The indicators: those of files, else what is public; and what the network gives where asked for.
    fn table(&self) -> anyhow::Result<IndicatorTable> {
        let network = self.region.network();
        let key = self.view.alliance.key.as_str();
        let files = self.arguments.dictionary.as_deref().zip(self.arguments.figures.as_deref());
        let mut table = match files {
            Some((dictionary, figures)) => entered(network, key, dictionary, figures)?,
            None => alliance::published_indicators(network, key)?,
        };
        // Of most alliances nothing is public: the network is then what there is to compare by.
        let is_all_there_is = files.is_none() && table.indicators.is_empty();
        if self.arguments.computed || is_all_there_is {
            let waiting = input::waiting("indicators of the network");
            let settings = ComputedSettings::new(self.arguments.choice.usual());
            let settings = settings.deprivation(self.deprivation()?);
            table.append(alliance::computed_indicators(self.region, key, &settings)?);
            waiting.finish_and_clear();
        }
        Ok(table)
    }

    fn deprivation(&self) -> anyhow::Result<BTreeMap<String, f64>> {
        let Some(file) = &self.arguments.deprivation else {
            return Ok(alliance::published_deprivation());
        };
        output::refuse_input(file)?;
        let index = alliance::read_deprivation(self.region.places(), file);
        index.map_err(|problems| fault!("--deprivation has problems\n{problems}", problems))
    }

    /// Where the numbers of a picture come from.
    fn source(&self, indicator: &Indicator) -> Source {
        let source = Source::of(self.region).remark(said!(
            "{name}; indicator: {source}",
            name = self.view.alliance.name,
            source = indicator.source
        ));
        match self.after {
            Some(scenario) => source.after(scenario),
            None => source,
        }
    }

    /// Draws the members in an indicator against chance.
    fn draw_funnel(
        &self,
        path: &Path,
        table: &IndicatorTable,
        compared: &Compared<'_>,
    ) -> anyhow::Result<()> {
        let Compared { position, comparison, settings } = *compared;
        let indicator = &table.indicators[position];
        let mut members = comparison.indicators.iter();
        let Some(members) = members.find(|compared| compared.indicator == position) else {
            return plot::write(path, Err(NothingToDraw::NoFunnel));
        };
        let lines = alliance::funnel_lines(members, settings)?;
        let view = FunnelView {
            indicator,
            members: &table.members,
            comparison: members,
            lines: &lines,
            level: settings.level,
        };
        plot::write(
            path,
            super::language::for_reader(|| verbund::plot::funnel(&view, &self.source(indicator))),
        )
    }

    fn has_public_figures(&self, table: &IndicatorTable) -> bool {
        self.arguments.figures.is_none() && table.find_indicator("operator_beds").is_some()
    }

    fn member(&self, table: &IndicatorTable) -> anyhow::Result<Option<usize>> {
        let Some(typed) = &self.arguments.member else { return Ok(None) };
        Ok(Some(names::pick_from("member", typed, &table.members)?))
    }

    fn comparison(&self, table: &IndicatorTable) -> anyhow::Result<Document> {
        let level = Level::new(self.arguments.level / 100.0);
        let level = level.map_err(|_| {
            fault!(
                "--level {level}: expected 50 to below 100, in per cent",
                level = self.arguments.level
            )
        })?;
        // The year may be missing, which no setter of the library says: each indicator then has its latest.
        let mut settings = ComparisonSettings::default().level(level);
        settings.year = self.arguments.year;
        let member = self.member(table)?;
        let groups: Vec<Peers> = if self.arguments.peers {
            alliance::peers(self.region.network(), table)
        } else {
            Vec::new()
        };
        let peers = member.and_then(|member| groups.get(member));
        if let Some(peers) = peers {
            settings = settings.among(peers.peers.iter().copied());
        }

        let by = match (&self.arguments.indicator, member) {
            (Some(name), _) => {
                ComparedBy::Members(input::listed("indicator", name, &table.indicators)?)
            }
            (None, Some(member)) => ComparedBy::Member(member),
            (None, None) => ComparedBy::Indicators,
        };
        let comparison = alliance::compare_members(table, &settings)?;
        if let (Some(path), ComparedBy::Members(position)) = (self.arguments.plot(), &by) {
            let (position, comparison, settings) = (*position, &comparison, &settings);
            self.draw_funnel(path, table, &Compared { position, comparison, settings })?;
        }
        let shown = AllianceComparison {
            view: self.view,
            table,
            comparison: &comparison,
            settings: &settings,
            peers,
            has_public_figures: self.has_public_figures(table),
        };
        Ok(report::alliance_comparison(self.region, &shown, by))
    }

    fn over_years(&self, table: &IndicatorTable, name: &str) -> anyhow::Result<Document> {
        let position = input::listed("indicator", name, &table.indicators)?;
        let Some(member) = self.member(table)? else {
            bail!(fault!("--over-years needs --member"))
        };
        let described = &table.indicators[position];
        let (mut years, mut values) = (Vec::new(), Vec::new());
        for (year, value) in table.over_years(position, member) {
            years.push(year);
            values.push(value);
        }
        let chart = alliance::xmr(&values, described.direction, XmrSettings::default());
        let name = &table.members[member].name;
        let Some(chart) = chart else {
            bail!(fault!("{name} has no figure of {described}", name, described = described.key));
        };
        if let Some(path) = self.arguments.plot() {
            let view =
                YearsView { indicator: described, member: name, years: &years, chart: &chart };
            plot::write(
                path,
                super::language::for_reader(|| {
                    verbund::plot::years(&view, &self.source(described))
                }),
            )?;
        }
        let shown = AllianceYears {
            view: self.view,
            indicator: described,
            member: name,
            years: &years,
            chart: &chart,
        };
        Ok(report::alliance_years(self.region, &shown))
    }
}

/// The figures of two files, which the run does not write.
pub(super) fn entered(
    network: &Network,
    alliance: &str,
    dictionary: &Path,
    figures: &Path,
) -> anyhow::Result<IndicatorTable> {
    // Results must never replace what they were made from.
    output::refuse_input(dictionary)?;
    output::refuse_input(figures)?;
    let table = alliance::read_indicators(network, alliance, dictionary, figures);
    table.map_err(|problems| fault!("the figures have problems\n{problems}", problems))
}
