//! Framework agreements and alliances in the report, three rows each.

use super::document::{Cell, Hint, Remark, Section, Table};
use crate::alliance::AllianceView;
use crate::model::Network;
use crate::overview::AgreementInShort;
use crate::report::columns::{
    ALLIANCE, COOPERATION, FIELD_COUNT, FIELDS_WITH_PATIENTS, IN_NETWORK, LINKS_WITH_EFFECT,
    MEMBERS, MEMBERS_INSIDE, PARTNERS, SINCE, TOTAL_MEMBERS,
};

/// Rows of each section.
const SHOWN: usize = 3;

/// Framework agreements; `None` where the region has none.
pub(super) fn agreements(network: &Network, agreements: &[AgreementInShort]) -> Option<Section> {
    if agreements.is_empty() {
        return None;
    }
    let cooperation = |row: &&AgreementInShort| &network[row.agreement];
    let table = Table::of(agreements)
        .column(COOPERATION, |row| Cell::text(&cooperation(row).key))
        .column(PARTNERS, |row| Cell::list(cooperation(row).parties.keys()))
        .column(SINCE, |row| Cell::maybe_text(cooperation(row).since.map(|day| day.to_string())))
        .column(FIELD_COUNT, |row| Cell::count(cooperation(row).fields.len()))
        .column(FIELDS_WITH_PATIENTS, |row| Cell::count(row.fields_with_patients))
        .build()
        .show_first(SHOWN);
    let section = Section::new("agreements", "Framework agreements", table);
    let words = said!(
        "{shown} of {all} with a partner inside, the most fields with patients first: alone they change nothing in care before their terms are agreed",
        shown = agreements.len().min(SHOWN),
        all = agreements.len()
    );
    Some(section.note(Remark::from(words).hint(Hint::AgreementOpened).and(".")))
}

/// Alliances; `None` where the region has none.
pub(super) fn alliances(alliances: &[AllianceView]) -> Option<Section> {
    if alliances.is_empty() {
        return None;
    }
    let table = Table::of(alliances)
        .column(ALLIANCE, |view| Cell::text(&view.alliance.key))
        .column(MEMBERS, |view| Cell::count(view.members.len()))
        // A source that counts them may count others than those that are named.
        .column(TOTAL_MEMBERS, |view| Cell::maybe_count(view.alliance.total_members))
        .column(IN_NETWORK, |view| Cell::count(view.in_network))
        .column(MEMBERS_INSIDE, |view| Cell::count(view.inside))
        .column(LINKS_WITH_EFFECT, |view| Cell::count(view.with_effect_on_care.len()))
        .build()
        .show_first(SHOWN);
    let section = Section::new("alliances", "Alliances", table);
    let words = said!(
        "{shown} of {all} with a member inside, the most first: membership alone changes nothing for patients, cooperations among members may",
        shown = alliances.len().min(SHOWN),
        all = alliances.len()
    );
    Some(section.note(Remark::from(words).hint(Hint::AllianceOpened).and(".")))
}
