//! Cooperations as links of two hospitals each.

use serde::Serialize;

use crate::model::{CooperationId, CooperationKind, HospitalId, Network, Parties};

/// That two hospitals work together in one field, by one cooperation; see [`Network::links`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Link<'n> {
    /// Who gives: the expert, sender, centre or owner. Of partners the one that is named first.
    pub from: HospitalId,
    /// Who receives: the site. Of partners the one that is named later.
    pub to: HospitalId,
    /// Whether they are partners, so that the link runs both ways.
    pub is_mutual: bool,
    /// What they do together, with its terms.
    pub kind: &'n CooperationKind,
    /// The field in which they do; `None` of a cooperation that names no field.
    pub field: Option<&'n str>,
    /// The cooperation.
    pub cooperation: CooperationId,
}

impl Network {
    /// All cooperations as links, for those who bring their own graph: one for each two hospitals and each field.
    ///
    /// They come in the order of the cooperations, then of the hospitals and of the fields as they are named. The
    /// giver of a directed cooperation is linked with each receiver; of partners, each two are linked once
    /// ([`Link::is_mutual`]). Two hospitals may have several links; as one edge each they are a
    /// [`CooperationGraph`](super::CooperationGraph).
    ///
    /// ```
    /// use verbund::files::Folder;
    ///
    /// let network = Folder::small().read()?.network;
    /// let mut lines = Vec::new();
    /// for link in network.links() {
    ///     let (from, to) = (&network[link.from].key, &network[link.to].key);
    ///     let field = link.field.unwrap_or("all that they do");
    ///     lines.push(format!("{from} -> {to}: {}, {field}", link.kind.name()));
    /// }
    /// assert_eq!(lines.len(), 5);
    /// assert_eq!(lines[0], "north -> west: Ownership, administration");
    /// assert_eq!(lines[1], "north -> south: Telemedicine, neurology");
    /// # Ok::<(), verbund::problem::Problems>(())
    /// ```
    pub fn links(&self) -> impl ExactSizeIterator<Item = Link<'_>> {
        let mut links = Vec::new();
        for (id, cooperation) in self.cooperation_ids().zip(self.cooperations()) {
            let mut fields: Vec<Option<&str>> = Vec::with_capacity(cooperation.fields.len().max(1));
            for field in &cooperation.fields {
                fields.push(Some(field));
            }
            // A cooperation without fields links its hospitals all the same.
            if fields.is_empty() {
                fields.push(None);
            }

            let is_mutual = matches!(cooperation.parties, Parties::Mutual(_));
            for (from, to) in self.pairs(&cooperation.parties) {
                for &field in &fields {
                    let kind = &cooperation.kind;
                    links.push(Link { from, to, is_mutual, kind, field, cooperation: id });
                }
            }
        }
        links.into_iter()
    }

    /// The pairs of hospitals that a cooperation links, the giver or the one that is named first in front.
    pub(crate) fn pairs(&self, parties: &Parties) -> Vec<(HospitalId, HospitalId)> {
        let mut ids: Vec<HospitalId> = Vec::new();
        for key in parties.keys() {
            ids.extend(self.find(key));
        }

        // The giver comes first among the keys. Receivers do not work with each other.
        let givers = match parties {
            Parties::Mutual(_) => ids.len(),
            Parties::Directed { .. } => 1,
        };
        let mut pairs = Vec::new();
        for (index, &giver) in ids.iter().enumerate().take(givers) {
            for &receiver in &ids[index + 1..] {
                pairs.push((giver, receiver));
            }
        }
        pairs
    }
}
