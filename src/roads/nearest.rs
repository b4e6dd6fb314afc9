//! The nearest of many sites from every junction, by one search instead of one for each site.

use super::buckets::Buckets;
use super::search::{FAR, whole_seconds};
use super::{Longest, RoadError, RoadGraph};
use crate::units::Seconds;

/// A place in the list of a junction that no site has taken.
const EMPTY: Label = Label { tenths: FAR, site: u32::MAX };

/// From a junction to a site. Of two that are as far, the one that was named first is the nearer one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Label {
    tenths: u32,
    /// Its number in the list of sites.
    site: u32,
}

/// The nearest sites from every junction, as [`RoadGraph::nearest_sites`] finds them.
///
/// Takes 8 bytes for each junction and site that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NearestSites {
    /// How many sites of a junction there is room for.
    most: usize,
    /// The sites of the first junction, the nearest first, then those of the second one, and so on.
    labels: Vec<Label>,
}

impl NearestSites {
    /// The sites that are nearest from a junction, the nearest first: the number of each in the list of sites, and
    /// the time to it in whole seconds, half a second up. Of two that are as far, the one that was named first.
    ///
    /// Fewer than were asked for where no more are within the limit, none from a junction that is not there.
    pub fn from(&self, junction: u32) -> Vec<(u32, Seconds)> {
        let start = junction as usize * self.most;
        let Some(labels) = self.labels.get(start..start + self.most) else {
            return Vec::new();
        };

        let mut nearest = Vec::new();
        for label in labels {
            if *label != EMPTY {
                nearest.push((label.site, whole_seconds(label.tenths)));
            }
        }
        nearest
    }

    /// Puts a site into the list of a junction if it is among its nearest.
    fn reach(&mut self, junction: u32, label: Label) -> bool {
        let start = junction as usize * self.most;
        let labels = &mut self.labels[start..start + self.most];
        let place_of_site = labels.iter().position(|known| known.site == label.site);
        // The place that becomes free: that of the same site on a longer way, else the last one.
        let free = place_of_site.unwrap_or(labels.len() - 1);
        if labels[free] <= label {
            return false;
        }

        let place = labels[..free].partition_point(|known| *known < label);
        labels[place..=free].rotate_right(1);
        labels[place] = label;
        true
    }

    /// Whether this is still the way to the site: a shorter one may have been found since, or nearer sites.
    fn holds(&self, junction: u32, label: Label) -> bool {
        let start = junction as usize * self.most;
        self.labels[start..start + self.most].contains(&label)
    }
}

impl RoadGraph {
    /// The nearest of these sites from every junction, so many of them, on one thread.
    ///
    /// One search from all sites at once, each junction passing on its nearest ones only: the work grows with how many
    /// are asked for and not with how many sites there are. For lists of all sites within the limit see
    /// [`Self::times_to_each`].
    ///
    /// ```
    /// use verbund::roads::{Longest, RoadGraph, Stretch};
    /// use verbund::units::Seconds;
    ///
    /// // 0 -> 1 -> 2, a minute each; sites at both ends.
    /// let graph = RoadGraph::new(3, &[
    ///     Stretch { from: 0, to: 1, tenths: 600 },
    ///     Stretch { from: 1, to: 2, tenths: 600 },
    /// ])?;
    /// let nearest = graph.nearest_sites(&[2, 0], 2, Longest::new(Seconds(600)))?;
    /// assert_eq!(nearest.from(0), [(1, Seconds(0)), (0, Seconds(120))]);
    /// // Nothing leads back to junction 0.
    /// assert_eq!(nearest.from(1), [(0, Seconds(60))]);
    /// # Ok::<(), verbund::roads::RoadError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The first site whose junction is not there.
    pub fn nearest_sites(
        &self,
        sites: &[u32],
        most: usize,
        longest: Longest,
    ) -> Result<NearestSites, RoadError> {
        let junctions = self.junctions();
        let missing = sites.iter().find(|&&junction| junction >= junctions);
        if let Some(&junction) = missing {
            return Err(RoadError::Junction { junction, junctions });
        }

        let most = most.min(sites.len());
        let mut nearest = NearestSites { most, labels: vec![EMPTY; most * junctions as usize] };
        if most > 0 {
            self.search_from_all(sites, longest.tenths(), &mut nearest);
        }
        Ok(nearest)
    }

    /// Fills the lists of all junctions: a queue of buckets as for one target, whose entries name their site.
    ///
    /// That each junction passes on its nearest sites only loses nothing. Sites that come before another one at a
    /// junction, by time and then by number, come before it at the end of every stretch that they share.
    fn search_from_all(&self, sites: &[u32], limit: u32, nearest: &mut NearestSites) {
        let mut buckets: Buckets<(u32, u32)> = Buckets::default();
        buckets.start(self.longest_stretch().min(limit));
        for (site, &junction) in (0..).zip(sites) {
            let at_once = Label { tenths: 0, site };
            if nearest.reach(junction, at_once) {
                buckets.push(0, (junction, site));
            }
        }

        while let Some((now, (junction, site))) = buckets.pop() {
            // A shorter way or nearer sites were found since.
            if !nearest.holds(junction, Label { tenths: now, site }) {
                continue;
            }
            for &(from, tenths) in self.ending_at(junction) {
                let tenths = now.saturating_add(tenths);
                let label = Label { tenths, site };
                if tenths <= limit && nearest.reach(from, label) {
                    buckets.push(tenths, (from, site));
                }
            }
        }
    }
}
