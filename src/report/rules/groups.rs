//! Service groups by site, and what a new agreement would unlock.

use super::super::caveats;
use super::super::document::{Cell, Document, Hint, Remark, Section, Table};
use super::{assumptions, open_groups};
use crate::model::{GroupRef, HospitalId, Network};
use crate::region::Region;
use crate::report::columns::{
    GROUP, GROUP_NAME, GROUPS_BY_COOPERATION, GROUPS_MISSING, GROUPS_ON_SITE, GROUPS_ON_SITE_LIST,
    GROUPS_UNKNOWN, HOSPITAL, HOW, MEMBERS, MIN_SPECIALISTS, MINUTES, RANK, SUPPLIED_GROUPS,
    UNLOCKED_COUNT, UNLOCKED_GROUPS, VERDICT,
};
use crate::rules::{
    Assessment, Clause, GroupAt, GroupSettings, GroupStanding, GroupSupply, GroupVerdict,
    Permission, SiteGroups, Unlock, UnlockSettings, Verdict,
};

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

    fn takes(&self, group: &GroupVerdict) -> bool {
        self.number.is_none_or(|number| group.group.number == number)
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
    let is_all = filter.hospital.is_none() && filter.number.is_none();
    let mut document = open_groups("Service groups (Leistungsgruppen)", region);
    if let Some(group) =
        filter.number.and_then(|number| network.catalog().service_groups.group(number))
    {
        document = document.about("group", format!("{} {}", group.number, group.name));
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
    }
    let carriers = unchecked_carriers(network, assessment, filter);
    if !carriers.is_empty() {
        document = document.about("unchecked", carriers.join("; "));
    }
    if filter.number.is_none() {
        document = document.section(summary(network, assessment, filter));
    }
    let mut section = verdicts(network, assessment, filter, is_all);
    for note in assumptions(network, settings) {
        section = section.note(note);
    }
    let unknown: Vec<String> = assessment.unknown.iter().map(u8::to_string).collect();
    if !unknown.is_empty() {
        section = section.note(format!(
            "Nothing in the data can show groups {}: they count as offered nowhere, and what hangs on them is unknown.",
            unknown.join(", ")
        ));
    }
    let section = section
        .maybe_note(nowhere_offers(assessment))
        .maybe_note(unknown_agreements(network, assessment, filter))
        .maybe_note(unknown_offers(network, assessment, filter));
    document.section(section)
}

/// Which groups nobody can say who offers, because no hospital of the data has what they rest on.
fn nowhere_offers(assessment: &Assessment) -> Option<String> {
    let groups: Vec<String> = assessment.nowhere.groups.iter().map(GroupRef::to_string).collect();
    let note = caveats::on_nowhere(&assessment.nowhere.kinds)?;
    Some(format!("{note} Groups that rest on them: {}.", groups.join(", ")))
}

/// Sites that are named before the others are counted.
const NAMED: usize = 12;

/// Which sites may have agreements of which the data know nothing.
fn unknown_agreements(
    network: &Network,
    assessment: &Assessment,
    filter: &GroupFilter,
) -> Option<Remark> {
    let is_shown = |id: &&HospitalId| {
        assessment.site(**id).is_some_and(|site| filter.takes_site(network, site))
    };
    let sites: Vec<&str> = assessment
        .unknown_agreements
        .iter()
        .filter(is_shown)
        .map(|id| network[*id].key.as_str())
        .collect();
    let shown = assessment.sites.iter().filter(|site| filter.takes_site(network, site)).count();
    let more = match sites.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let named = if sites.len() == shown && shown > 1 {
        "all sites here".to_owned()
    } else {
        sites.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ") + &more
    };
    (!sites.is_empty()).then(|| {
        let told = format!(
            "Agreements are not published. What they could have by cooperation is unknown of sites that no agreement of \
             the data supplies, and of those that may meet every clause by cooperation (level F, 1i): {named}"
        );
        Remark::from(told).hint(Hint::KnownAgreements).and(".")
    })
}

/// Sites and groups that are named before the others are counted.
const NAMED_OFFERS: usize = 12;

/// Groups of a site that are named one by one.
const MOST_GROUPS: usize = 6;

/// Which groups do not count, because the data do not say whether a site offers them.
fn unknown_offers(
    network: &Network,
    assessment: &Assessment,
    filter: &GroupFilter,
) -> Option<String> {
    // By site and by what is unknown: one line for a site without any department.
    let mut doubts: Vec<(HospitalId, &[String], Vec<String>)> = Vec::new();
    for offer in &assessment.unknown_offers {
        let Some(site) = assessment.site(offer.hospital) else { continue };
        let is_other = filter.number.is_some_and(|number| number != offer.group.number);
        if is_other || !filter.takes_site(network, site) {
            continue;
        }
        let same = doubts
            .iter_mut()
            .find(|(id, unknown, _)| *id == offer.hospital && *unknown == offer.unknown);
        match same {
            Some((.., groups)) => groups.push(offer.group.to_string()),
            None => {
                doubts.push((offer.hospital, &offer.unknown, vec![offer.group.to_string()]));
            }
        }
    }
    let named: Vec<String> = doubts
        .iter()
        .take(NAMED_OFFERS)
        .map(|(id, unknown, groups)| {
            let groups = match groups.len() {
                count if count > MOST_GROUPS => format!("{count} groups"),
                _ => groups.join(" "),
            };
            format!("{} {groups} ({})", network[*id].key, unknown.join(", "))
        })
        .collect();
    if named.is_empty() {
        return None;
    }
    let more = match doubts.len().saturating_sub(NAMED_OFFERS) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    Some(format!(
        "Not taken to offer a group, because the data do not say: {}{more}. In brackets: what is unknown.",
        named.join("; ")
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
    let sites = assessment
        .sites
        .iter()
        .filter(|site| filter.takes_site(network, site) && !site.groups.is_empty());
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
        .column(GROUPS_ON_SITE, |site| Cell::count(groups(site, GroupStanding::OnSite).len()))
        .column(GROUPS_BY_COOPERATION, |site| Cell::list(groups(site, GroupStanding::Cooperation)))
        .column(GROUPS_UNKNOWN, |site| Cell::list(groups(site, GroupStanding::Unknown)))
        .column(GROUPS_MISSING, |site| Cell::list(groups(site, GroupStanding::Missing)))
        .detail(GROUPS_ON_SITE_LIST, |site| Cell::list(groups(site, GroupStanding::OnSite)))
        .build();
    Section::new("service_groups", "Service groups by site", table)
        .note("On site: without any partner. Numbers: annex 1 SGB V; 64K and 64H are grades of intensive care.")
}

fn verdicts(
    network: &Network,
    assessment: &Assessment,
    filter: &GroupFilter,
    is_short: bool,
) -> Section {
    let mut rows = Vec::new();
    for site in assessment.sites.iter().filter(|site| filter.takes_site(network, site)) {
        for group in site.groups.iter().filter(|group| filter.takes(group)) {
            if !is_short || group.verdict != Verdict::OnSite {
                rows.push((site, group));
            }
        }
    }
    let entry = |group: &GroupVerdict| network.catalog().service_groups.group(group.group.number);
    let table = Table::of(rows)
        .column(HOSPITAL, |(site, _)| Cell::text(&network[site.hospital].key))
        .column(GROUP, |(_, group)| Cell::text(group.group.to_string()))
        .column(GROUP_NAME, |(_, group)| Cell::maybe_text(entry(group).map(|entry| &entry.name)))
        .column(VERDICT, |(_, group)| Cell::text(standing(group.verdict.standing())))
        .column(HOW, |(site, group)| Cell::list(how(network, assessment, site, group)))
        .detail(MIN_SPECIALISTS, |(_, group)| {
            Cell::maybe_count(entry(group).and_then(|entry| entry.min_specialists))
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

/// How a site has a group, or what is missing or unknown for it.
fn how(
    network: &Network,
    assessment: &Assessment,
    site: &SiteGroups,
    group: &GroupVerdict,
) -> Vec<String> {
    let mut words = match &group.verdict {
        Verdict::OnSite => {
            let entry = network.catalog().service_groups.group(group.group.number);
            let elsewhere = entry.and_then(|entry| entry.elsewhere.as_ref());
            elsewhere.map(|rule| format!("criteria not checked ({rule})")).into_iter().collect()
        }
        Verdict::Cooperation(way) => way_in_words(network, way),
        Verdict::Unknown(doubt) => {
            let mut words: Vec<String> =
                doubt.unknown.iter().map(|what| format!("not stated: {what}")).collect();
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
    let group_here = GroupAt { hospital: site.hospital, group: group.group };
    words.extend(resting_on_unchecked(network, assessment, group_here));
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

/// On which groups without a criterion that is checked a group rests, in words.
fn resting_on_unchecked(network: &Network, assessment: &Assessment, own: GroupAt) -> Vec<String> {
    let resting = assessment.unchecked.iter().filter(|carrier| carrier.carries.contains(&own));
    let words = resting.map(|carrier| {
        let key = &network[carrier.hospital].key;
        let place =
            if carrier.hospital == own.hospital { String::new() } else { format!(" of {key}") };
        format!("rests on {}{place}, whose criteria are not checked", carrier.number)
    });
    words.collect()
}

/// Which groups carry others although none of their criteria is checked, in a sentence each.
fn unchecked_carriers(
    network: &Network,
    assessment: &Assessment,
    filter: &GroupFilter,
) -> Vec<String> {
    let mut told = Vec::new();
    for carrier in &assessment.unchecked {
        let is_shown = |id: &HospitalId| {
            assessment.site(*id).is_some_and(|site| filter.takes_site(network, site))
        };
        let carried: Vec<&GroupAt> =
            carrier.carries.iter().filter(|carried| is_shown(&carried.hospital)).collect();
        if carried.is_empty() {
            continue;
        }
        let mut by_site: Vec<(HospitalId, Vec<String>)> = Vec::new();
        for GroupAt { hospital, group } in carried {
            match by_site.last_mut().filter(|(last, _)| last == hospital) {
                Some((_, groups)) => groups.push(group.to_string()),
                None => by_site.push((*hospital, vec![group.to_string()])),
            }
        }
        let words: Vec<String> = by_site
            .into_iter()
            .map(|(id, groups)| format!("{} at {}", groups.join(" "), network[id].key))
            .collect();
        told.push(format!(
            "{} at {} carries {}; none of its own criteria is checked ({})",
            carrier.number,
            network[carrier.hospital].key,
            words.join(", "),
            carrier.elsewhere
        ));
    }
    told
}

fn way_in_words(network: &Network, way: &GroupSupply) -> Vec<String> {
    let supplies = way.supplies.iter().map(|supply| {
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
        let entry = network.catalog().service_groups.group(supply.group.number);
        let elsewhere = entry.is_some_and(|entry| entry.elsewhere.is_some());
        let unchecked = if elsewhere { "; its criteria are not checked" } else { "" };
        format!("{} from {partner} ({agreement}{why}{unchecked})", supply.group)
    });
    let mut words: Vec<String> = supplies.collect();
    if !way.is_fewest {
        words.push("perhaps not the fewest".to_owned());
    }
    words
}

fn clauses_in_words(clauses: &[Clause]) -> Vec<String> {
    let list = |on_site: bool, place: &str| {
        let those = clauses.iter().filter(|clause| clause.on_site == on_site);
        let terms: Vec<String> = those
            .map(|clause| {
                let unknown = if clause.hangs_on_unknown { " (unknown)" } else { "" };
                format!("{}{unknown}", clause.term)
            })
            .collect();
        (!terms.is_empty()).then(|| format!("{} {place}", terms.join(" ")))
    };
    let lists = [list(true, "on site"), list(false, "on site or by cooperation")];
    lists.into_iter().flatten().collect()
}

/// Which groups of failing clauses the site offers and lacks itself, in words: they come with what they
/// lack, not from elsewhere.
fn lacking_here(site: &SiteGroups, clauses: &[Clause]) -> Option<String> {
    let mut numbers: Vec<u8> =
        clauses.iter().flat_map(|clause| clause.term.groups()).map(|group| group.number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let lacks = |number: &u8| site.group(*number).is_some_and(|group| !group.verdict.is_met());
    let lacking: Vec<String> = numbers.iter().filter(|one| lacks(one)).map(u8::to_string).collect();
    (!lacking.is_empty()).then(|| format!("of these offered here: {}", lacking.join(" ")))
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
        let mut sites: Vec<(HospitalId, Vec<String>)> = Vec::new();
        for GroupAt { hospital: site, group } in groups {
            match sites.last_mut().filter(|(last, _)| last == site) {
                Some((_, groups)) => groups.push(group.to_string()),
                None => sites.push((*site, vec![group.to_string()])),
            }
        }
        let words = sites
            .into_iter()
            .map(|(site, groups)| format!("{}: {}", network[site].key, groups.join(" ")));
        Cell::list(words)
    };
    let table = Table::of(found.iter().enumerate().take(limit))
        .detail(RANK, |(index, _)| Cell::count(index + 1))
        .column(MEMBERS, |(_, unlock)| {
            Cell::list(unlock.partners.map(|id| network[id].key.as_str()))
        })
        .column(MINUTES, |(_, unlock)| Cell::time(unlock.journey))
        .detail(UNLOCKED_COUNT, |(_, unlock)| Cell::count(unlock.unlocked.len()))
        .column(UNLOCKED_GROUPS, |(_, unlock)| list(&unlock.unlocked))
        .column(SUPPLIED_GROUPS, |(_, unlock)| list(&unlock.supplied))
        .build();
    let place = which.district.as_deref().unwrap_or("the region");
    let mut section = Section::new(
        "unlocks",
        format!("Which new agreement keeps most service groups in {place}"),
        table,
    );
    section = section.note(format!(
        "Every pair of hospitals inside within {:.0} minutes by road, tried one at a time; {} of them unlock something{}.",
        which.longest_journey.minutes(),
        found.len(),
        if found.len() > limit { format!(", the first {limit} are shown") } else { String::new() }
    ));
    section = section.note(
        "Unlocked: offered today, but without what annex 1 asks for. Must cover: who supplies what; nothing of it can be left out.",
    );
    for note in assumptions(network, settings) {
        section = section.note(note);
    }
    open_groups("New agreements for service groups", region).section(section)
}
