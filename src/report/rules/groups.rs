//! Service groups by site, and what a new agreement would unlock.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::super::document::{Cell, Document, Hint, Remark, Section, Table, hospital_of};
use super::super::{band, caveats};
use super::{assumptions, joined, open_groups};
use crate::model::{GroupRef, HospitalId, Network, ServiceGroup};
use crate::region::Region;
use crate::report::columns::{
    GROUP, GROUP_NAME, GROUPS_BY_COOPERATION, GROUPS_MISSING, GROUPS_ON_SITE, GROUPS_ON_SITE_LIST,
    GROUPS_UNKNOWN, HOSPITAL, HOW, MEMBERS, MIN_SPECIALISTS, MINUTES, OVER_BAND, RANK,
    SUPPLIED_GROUPS, UNLOCKED_COUNT, UNLOCKED_GROUPS, VERDICT,
};
use crate::rules::{
    Assessment, Clause, GroupAt, GroupSettings, GroupStanding, GroupSupply, GroupVerdict,
    Permission, SiteGroups, Unlock, UnlockSettings, Verdict,
};
use crate::words::{self, fixed};

/// Which sites and groups are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupFilter {
    /// Only the site of this hospital; `None` for all inside of the region.
    pub hospital: Option<HospitalId>,
    /// Only this group.
    pub number: Option<u8>,
}

impl GroupFilter {
    fn takes_site(&self, network: &Network, site: &SiteGroups) -> bool {
        match self.hospital {
            Some(hospital) => site.hospitals.contains(&hospital),
            None => !network[site.hospital].outside,
        }
    }

    /// Whether a hospital has service groups at all, and its site is shown.
    fn takes_hospital(&self, network: &Network, assessment: &Assessment, id: HospitalId) -> bool {
        match assessment.site(id) {
            Some(site) => self.takes_site(network, site),
            None => false,
        }
    }

    fn takes(&self, group: GroupRef) -> bool {
        match self.number {
            Some(number) => group.number == number,
            None => true,
        }
    }
}

/// Service groups: a line a site, then group by group what a cooperation or a lack decides; of one
/// hospital or one group, every group.
pub fn groups(
    region: &Region,
    assessment: &Assessment,
    settings: &GroupSettings,
    filter: &GroupFilter,
) -> Document {
    let network = region.network();
    let mut document = open_groups("Service groups (Leistungsgruppen)", region);
    if let Some(number) = filter.number
        && let Some(group) = network.catalog().service_groups.group(number)
    {
        document = with_terms(document, group);
    }
    let carriers = unchecked_carriers(network, assessment, filter);
    if !carriers.is_empty() {
        document = document.about("unchecked", carriers.join("; "));
    }
    // With one group asked for, the table by site would only repeat the verdicts below it.
    if filter.number.is_none() {
        document = document.section(summary(network, assessment, filter));
    }

    // With all hospitals asked for, groups that nothing stands against would bury the others.
    let is_short = filter.hospital.is_none() && filter.number.is_none();
    let mut section = verdicts(network, assessment, filter, is_short);
    for note in assumptions(network, settings) {
        section = section.note(note);
    }
    if !assessment.unknown.is_empty() {
        section = section.note(said!("Nothing in the data can show groups {joined}: they count as offered nowhere, and what hangs on them is unknown.", joined = joined(&assessment.unknown, ", ")));
    }
    let section = section
        .maybe_note(nowhere_offers(assessment))
        .maybe_note(unknown_agreements(network, assessment, filter))
        .maybe_note(unknown_offers(network, assessment, filter));
    document.section(section)
}

/// The document with what annex 1 asks for of a group.
fn with_terms(document: Document, group: &ServiceGroup) -> Document {
    let mut document = document.about("group", format!("{} {}", group.number, group.name));
    for (key, terms) in [
        ("needs_on_site", &group.site),
        ("needs_on_site_or_by_cooperation", &group.cooperation),
        ("selection_on_site", &group.selection_site),
        ("selection_on_site_or_by_cooperation", &group.selection_cooperation),
    ] {
        if !terms.is_empty() {
            document = document.about(key, terms.to_string());
        }
    }
    document
}

/// Which groups nobody can say who offers, because no hospital of the data has what they rest on.
fn nowhere_offers(assessment: &Assessment) -> Option<String> {
    let note = caveats::on_nowhere(&assessment.nowhere.kinds)?;
    let groups = joined(&assessment.nowhere.groups, ", ");
    Some(said!("{note} Groups that rest on them: {groups}.", note, groups))
}

/// How many more there are than were named, in words; empty where all were.
fn and_more(count: usize, named: usize) -> String {
    match count.saturating_sub(named) {
        0 => String::new(),
        more => said!(" and {more} more", more),
    }
}

/// Sites that are named before the others are counted.
const NAMED: usize = 12;

/// Which sites may have agreements of which the data know nothing.
fn unknown_agreements(
    network: &Network,
    assessment: &Assessment,
    filter: &GroupFilter,
) -> Option<Remark> {
    let mut sites = Vec::new();
    for &id in &assessment.unknown_agreements {
        if filter.takes_hospital(network, assessment, id) {
            sites.push(hospital_of(&network[id].key));
        }
    }
    if sites.is_empty() {
        return None;
    }

    let shown = assessment.sites.iter().filter(|site| filter.takes_site(network, site)).count();
    // Where no hospital has a published agreement, a list of all of them says nothing.
    let named = if sites.len() == shown && shown > 1 {
        said!("all sites here")
    } else {
        sites[..sites.len().min(NAMED)].join(", ") + &and_more(sites.len(), NAMED)
    };
    let told = said!(
        "Agreements are not published. What they could have by cooperation is unknown of sites that no agreement of \
         the data supplies, and of those that may meet every clause by cooperation (level F, 1i): {named}",
        named
    );
    Some(Remark::from(told).hint(Hint::KnownAgreements).and("."))
}

/// Sites and groups that are named before the others are counted.
const NAMED_OFFERS: usize = 12;

/// Groups of a site that are named one by one.
const MOST_GROUPS: usize = 6;

/// Groups that a site may offer, for want of the same statement.
struct DoubtfulOffer<'a> {
    hospital: HospitalId,
    unknown: &'a [String],
    groups: Vec<String>,
}

/// Which groups do not count, because the data do not say whether a site offers them.
fn unknown_offers(
    network: &Network,
    assessment: &Assessment,
    filter: &GroupFilter,
) -> Option<String> {
    // By site and by what is unknown: one line for a site without any department.
    let mut doubts: Vec<DoubtfulOffer<'_>> = Vec::new();
    for offer in &assessment.unknown_offers {
        let hospital = offer.hospital;
        if !filter.takes(offer.group) || !filter.takes_hospital(network, assessment, hospital) {
            continue;
        }
        let unknown = offer.unknown.as_slice();
        let is_same =
            |doubt: &&mut DoubtfulOffer<'_>| doubt.hospital == hospital && doubt.unknown == unknown;
        let group = offer.group.to_string();
        match doubts.iter_mut().find(is_same) {
            Some(doubt) => doubt.groups.push(group),
            None => doubts.push(DoubtfulOffer { hospital, unknown, groups: vec![group] }),
        }
    }
    if doubts.is_empty() {
        return None;
    }

    let mut named = Vec::new();
    for doubt in doubts.iter().take(NAMED_OFFERS) {
        let groups = match doubt.groups.len() {
            count if count > MOST_GROUPS => said!("{count} groups", count),
            _ => doubt.groups.join(" "),
        };
        let key = &network[doubt.hospital].key;
        named.push(format!("{key} {groups} ({})", words::each_of(doubt.unknown).join(", ")));
    }
    let more = and_more(doubts.len(), NAMED_OFFERS);
    Some(said!(
        "Not taken to offer a group, because the data do not say: {named}{more}. In brackets: what is unknown.",
        named = named.join("; "),
        more
    ))
}

/// The table by site for the report on the region.
pub fn groups_in_short(network: &Network, assessment: &Assessment) -> Section {
    let filter = GroupFilter::default();
    let mut section = summary(network, assessment, &filter);
    for carrier in unchecked_carriers(network, assessment, &filter) {
        section = section.note(format!("{carrier}."));
    }
    section = section
        .maybe_note(nowhere_offers(assessment))
        .maybe_note(unknown_agreements(network, assessment, &filter));
    let told = "Annex 1 SGB V, related groups only. Who offers a group and which agreement covers it is assumed";
    section.note(Remark::from(told).hint(Hint::GroupAssumptions).and("."))
}

fn summary(network: &Network, assessment: &Assessment, filter: &GroupFilter) -> Section {
    let mut sites = Vec::new();
    for site in &assessment.sites {
        // A site that offers nothing would be a row of dashes.
        if filter.takes_site(network, site) && !site.groups.is_empty() {
            sites.push(site);
        }
    }
    let groups = |site: &SiteGroups, standing: GroupStanding| {
        let mut groups = Vec::new();
        for group in &site.groups {
            if group.verdict.standing() == standing {
                groups.push(group.group.to_string());
            }
        }
        groups
    };

    let table = Table::of(sites)
        .column(HOSPITAL, |site| Cell::text(&network[site.hospital].key))
        // Most groups of most sites are these: text counts them, programs get them all.
        .column(GROUPS_ON_SITE, |site| Cell::count(groups(site, GroupStanding::OnSite).len()))
        .column(GROUPS_BY_COOPERATION, |site| Cell::list(groups(site, GroupStanding::Cooperation)))
        .column(GROUPS_UNKNOWN, |site| Cell::list(groups(site, GroupStanding::Unknown)))
        .column(GROUPS_MISSING, |site| Cell::list(groups(site, GroupStanding::Missing)))
        .detail(GROUPS_ON_SITE_LIST, |site| Cell::list(groups(site, GroupStanding::OnSite)))
        .build();
    Section::new("service_groups", "Service groups by site", table)
        .note("On site: without any partner. Numbers: annex 1 SGB V; 64K and 64H are grades of intensive care.")
}

/// A group at a site, with what annex 1 says of it.
struct GroupRow<'a> {
    site: &'a SiteGroups,
    group: &'a GroupVerdict,
    entry: Option<&'a ServiceGroup>,
}

fn verdicts(
    network: &Network,
    assessment: &Assessment,
    filter: &GroupFilter,
    is_short: bool,
) -> Section {
    let annex = &network.catalog().service_groups;
    let mut rows = Vec::new();
    for site in assessment.sites.iter().filter(|site| filter.takes_site(network, site)) {
        for group in site.groups.iter().filter(|group| filter.takes(group.group)) {
            if !is_short || group.verdict != Verdict::OnSite {
                rows.push(GroupRow { site, group, entry: annex.group(group.group.number) });
            }
        }
    }

    let table = Table::of(rows)
        .column(HOSPITAL, |row| Cell::text(&network[row.site.hospital].key))
        .column(GROUP, |row| Cell::text(row.group.group.to_string()))
        .column(GROUP_NAME, |row| Cell::maybe_text(row.entry.map(|entry| &entry.name)))
        .column(VERDICT, |row| Cell::word(standing(row.group.verdict.standing())))
        .column(HOW, |row| Cell::told(|| how(network, assessment, row.site, row.group)))
        .detail(MIN_SPECIALISTS, |row| {
            Cell::maybe_count(row.entry.and_then(|entry| entry.min_specialists))
        })
        .build();

    // A column that is the same in every row stands above the table.
    let table = if filter.number.is_some() {
        table.hide(&[GROUP_NAME])
    } else {
        table.hide_if(filter.hospital.is_some(), &[HOSPITAL])
    };
    let heading = if is_short { "By cooperation, unknown, or missing" } else { "Group by group" };
    Section::new("groups", heading, table).note(
        "Only groups that a site is taken to offer, or of which its record does not say so. Unknown: it would have the group if all were there that the data do not say. Each part of what is missing must be there; a group that is offered here itself comes with what it lacks, as groups need each other in circles. By cooperation: the fewest agreements; what a partner supplies may be for another group of the site on which this one rests.",
    )
}

/// Where the criteria of a group stand that annex 1 leaves to another rule, which is not checked here; `None` for
/// the others.
fn elsewhere(network: &Network, group: GroupRef) -> Option<&str> {
    network.catalog().service_groups.group(group.number)?.elsewhere.as_deref()
}

/// How a site has a group, or what is missing or unknown for it.
fn how(
    network: &Network,
    assessment: &Assessment,
    site: &SiteGroups,
    group: &GroupVerdict,
) -> Vec<String> {
    let mut words = match &group.verdict {
        Verdict::OnSite => match elsewhere(network, group.group) {
            Some(rule) => vec![said!("criteria not checked ({rule})", rule)],
            None => Vec::new(),
        },
        Verdict::Cooperation(way) => way_in_words(network, way),
        Verdict::Unknown(doubt) => {
            let mut words = Vec::new();
            for statement in &doubt.unknown {
                words.push(said!("not stated: {statement}", statement = words::of(statement)));
            }
            words.extend(clauses_in_words(&doubt.clauses));
            words.extend(lacking_here(site, &doubt.clauses));
            words
        }
        Verdict::Missing(clauses) => {
            let mut words = clauses_in_words(clauses);
            words.extend(lacking_here(site, clauses));
            words
        }
    };

    words.extend(resting_on_unchecked(network, assessment, site.hospital, group.group));
    words
}

/// A standing in one or two words.
pub(in crate::report) fn standing(standing: GroupStanding) -> &'static str {
    match standing {
        GroupStanding::OnSite => "on site",
        GroupStanding::Cooperation => "cooperation",
        GroupStanding::Unknown => "unknown",
        GroupStanding::Missing => "missing",
    }
}

/// On which groups without a criterion that is checked a group of a hospital rests, in words.
fn resting_on_unchecked(
    network: &Network,
    assessment: &Assessment,
    hospital: HospitalId,
    group: GroupRef,
) -> Vec<String> {
    let mut words = Vec::new();
    for carrier in &assessment.unchecked {
        if !carrier.carries.contains(&GroupAt { hospital, group }) {
            continue;
        }
        let place = if carrier.hospital == hospital {
            String::new()
        } else {
            said!(" of {hospital}", hospital = network[carrier.hospital].key)
        };
        words.push(said!(
            "rests on {number}{place}, whose criteria are not checked",
            number = carrier.number,
            place
        ));
    }
    words
}

/// Groups at one site.
struct AtSite {
    site: HospitalId,
    groups: Vec<String>,
}

/// Groups by site, in their order: those of one site follow each other already.
fn by_site(groups: &[GroupAt]) -> Vec<AtSite> {
    let mut sites: Vec<AtSite> = Vec::new();
    for &GroupAt { hospital: site, group } in groups {
        match sites.last_mut() {
            Some(last) if last.site == site => last.groups.push(group.to_string()),
            _ => sites.push(AtSite { site, groups: vec![group.to_string()] }),
        }
    }
    sites
}

/// Which groups carry others although none of their criteria is checked, in a sentence each.
fn unchecked_carriers(
    network: &Network,
    assessment: &Assessment,
    filter: &GroupFilter,
) -> Vec<String> {
    let mut told = Vec::new();
    for carrier in &assessment.unchecked {
        let mut carried = carrier.carries.clone();
        carried.retain(|group| filter.takes_hospital(network, assessment, group.hospital));
        // It may carry groups of others only, which are not shown.
        if carried.is_empty() {
            continue;
        }
        let mut words = Vec::new();
        for AtSite { site, groups } in by_site(&carried) {
            words.push(said!(
                "{groups} at {site}",
                groups = groups.join(" "),
                site = hospital_of(&network[site].key)
            ));
        }

        told.push(said!(
            "{number} at {hospital} carries {others}; none of its own criteria is checked ({elsewhere})",
            number = carrier.number,
            hospital = hospital_of(&network[carrier.hospital].key),
            others = words.join(", "),
            elsewhere = carrier.elsewhere
        ));
    }
    told
}

fn way_in_words(network: &Network, way: &GroupSupply) -> Vec<String> {
    let mut told = Vec::new();
    for supply in &way.supplies {
        let why = match supply.permission {
            Permission::Table => "",
            Permission::Near => "; within 2,000 m",
            Permission::LevelF => "; level F",
            Permission::Level1i => "; level 1i",
            Permission::Indispensable => "; indispensable",
            Permission::TeleStroke => "; telemedicine",
        };
        let partner = &network[supply.partner].key;
        let agreement = &network[supply.cooperation].key;
        let unchecked = match elsewhere(network, supply.group) {
            Some(_) => "; its criteria are not checked",
            None => "",
        };
        told.push(said!(
            "{group} from {partner} ({agreement}{why}{unchecked})",
            group = supply.group,
            partner,
            agreement,
            why = words::of(why),
            unchecked = words::of(unchecked)
        ));
    }

    // The search for the fewest agreements ends after some work: of many partners it may not have tried all.
    if !way.is_fewest {
        told.push(said!("perhaps not the fewest"));
    }
    told
}

fn clauses_in_words(clauses: &[Clause]) -> Vec<String> {
    let mut lists = Vec::new();
    for (on_site, place) in [(true, "on site"), (false, "on site or by cooperation")] {
        let mut terms = Vec::new();
        for clause in clauses.iter().filter(|clause| clause.on_site == on_site) {
            let unknown = words::of(if clause.hangs_on_unknown { " (unknown)" } else { "" });
            terms.push(format!("{}{unknown}", clause.term));
        }
        if !terms.is_empty() {
            lists.push(format!("{} {}", terms.join(" "), words::of(place)));
        }
    }
    lists
}

/// Which groups of failing clauses the site offers and lacks itself, in words: they come with what they
/// lack, not from elsewhere.
fn lacking_here(site: &SiteGroups, clauses: &[Clause]) -> Option<String> {
    // A set, because several clauses may name one group, and one group may stand in several grades.
    let mut numbers = BTreeSet::new();
    for clause in clauses {
        for group in clause.term.groups() {
            numbers.insert(group.number);
        }
    }
    numbers.retain(|number| match site.group(*number) {
        Some(group) => !group.verdict.is_met(),
        None => false,
    });
    if numbers.is_empty() {
        return None;
    }
    Some(said!("of these offered here: {joined}", joined = joined(numbers, " ")))
}

/// Whether partners that are shown are near enough over the band.
fn near_enough(
    region: &Region,
    found: &[Unlock],
    which: &UnlockSettings,
    limit: usize,
) -> band::Verdicts {
    let network = region.network();
    let mut verdicts = band::Verdicts::default();
    let Some(margin) = region.margin() else { return verdicts };
    for unlock in found.iter().take(limit) {
        let [a, b] = unlock.partners.map(|id| hospital_of(&network[id].key));
        let over_band = margin.over_band(unlock.journey, which.longest_journey);
        verdicts.add(&format!("{a} + {b}"), Some(over_band));
    }
    verdicts
}

/// What single new agreements would unlock, the best first.
pub fn unlocks(
    region: &Region,
    found: &[Unlock],
    settings: &GroupSettings,
    which: &UnlockSettings,
    limit: usize,
) -> Document {
    let network = region.network();
    let list = |groups: &[GroupAt]| {
        let mut words = Vec::new();
        for AtSite { site, groups } in by_site(groups) {
            words.push(format!("{}: {}", network[site].key, groups.join(" ")));
        }
        Cell::list(words)
    };
    let table = Table::of(found.iter().enumerate().take(limit))
        .detail(RANK, |(index, _)| Cell::count(index + 1))
        .column(MEMBERS, |(_, unlock)| {
            Cell::list(unlock.partners.map(|id| network[id].key.as_str()))
        })
        .column(MINUTES, |(_, unlock)| Cell::time(unlock.journey))
        .detail(OVER_BAND, |(_, unlock)| {
            let margin = region.margin();
            band::word(margin.map(|margin| margin.over_band(unlock.journey, which.longest_journey)))
        })
        .detail(UNLOCKED_COUNT, |(_, unlock)| Cell::count(unlock.unlocked.len()))
        .column(UNLOCKED_GROUPS, |(_, unlock)| list(&unlock.unlocked))
        .column(SUPPLIED_GROUPS, |(_, unlock)| list(&unlock.supplied))
        .build();

    let place = which.district.as_deref().map_or_else(|| words::of("the region"), Cow::Borrowed);
    let heading = said!("Which new agreement keeps most service groups in {place}", place);
    let shown = match found.len() {
        count if count > limit => said!(", the first {limit} are shown", limit),
        _ => String::new(),
    };
    let mut section = Section::new("unlocks", heading, table)
        .note(said!("Every pair of hospitals inside within {minutes} minutes by road, tried one at a time; {found} of them unlock something{shown}.", minutes = fixed(which.longest_journey.minutes(), 0), found = found.len(), shown))
        .maybe_note(band::undecided(region, &near_enough(region, found, which, limit)))
        .note("Unlocked: offered today, but without what annex 1 asks for. Must cover: who supplies what; nothing of it can be left out.");
    for note in assumptions(network, settings) {
        section = section.note(note);
    }
    open_groups("New agreements for service groups", region).section(section)
}
