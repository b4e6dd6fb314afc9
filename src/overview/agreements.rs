//! Framework agreements and alliances of a region, the ones that say most first.

use serde::Serialize;

use crate::alliance::{AllianceView, alliance_view};
use crate::model::{CooperationId, CooperationKind, Network};

/// A framework agreement of hospitals, in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AgreementInShort {
    /// The agreement.
    pub agreement: CooperationId,
    /// Partners that lie inside of the region.
    pub inside: usize,
    /// Its fields that are specialties of the catalog: patients belong to them, so that something can be computed.
    pub fields_with_patients: usize,
}

/// The framework agreements with a partner inside: the one with the most fields that have patients first, then the
/// one with the most fields, ties by key. Alone they change nothing in care.
pub(super) fn agreements(network: &Network) -> Vec<AgreementInShort> {
    let mut agreements = Vec::new();
    for id in network.cooperation_ids() {
        let cooperation = &network[id];
        if cooperation.kind != CooperationKind::Framework {
            continue;
        }
        let mut inside = 0;
        for key in cooperation.parties.keys() {
            let partner = network.find(key);
            inside += usize::from(partner.is_some_and(|partner| !network[partner].outside));
        }
        if inside == 0 {
            continue;
        }
        let fields = cooperation.fields.iter();
        let with_patients = fields.filter(|field| network.catalog().specialty(field).is_some());
        let fields_with_patients = with_patients.count();
        agreements.push(AgreementInShort { agreement: id, inside, fields_with_patients });
    }
    agreements.sort_by(|a, b| {
        let (first, second) = (&network[a.agreement], &network[b.agreement]);
        let by_fields = second.fields.len().cmp(&first.fields.len());
        let by_patients = b.fields_with_patients.cmp(&a.fields_with_patients);
        by_patients.then(by_fields).then_with(|| first.key.cmp(&second.key))
    });
    agreements
}

/// The alliances with a member inside: the most members inside first, ties by key.
pub(super) fn alliances(network: &Network) -> Vec<AllianceView> {
    let mut views = Vec::new();
    for alliance in network.alliances() {
        // It is one of this network, so it is found.
        if let Ok(view) = alliance_view(network, &alliance.key)
            && view.inside > 0
        {
            views.push(view);
        }
    }
    views.sort_by(|a, b| b.inside.cmp(&a.inside).then_with(|| a.alliance.key.cmp(&b.alliance.key)));
    views
}
