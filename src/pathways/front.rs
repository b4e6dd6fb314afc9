//! When one label beats another whatever the time, and which comes first where they tie.

use std::cmp::Ordering;

use super::label::{Label, NEVER, NONE, Shape};

/// A label with its coefficients, before it has a place in the plan.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) label: Label,
    pub(super) coefficients: Vec<i64>,
}

/// A label with its coefficients, to be compared.
#[derive(Clone, Copy)]
struct Rated<'r> {
    label: &'r Label,
    coefficients: &'r [i64],
}

impl Candidate {
    fn rated(&self) -> Rated<'_> {
        Rated { label: &self.label, coefficients: &self.coefficients }
    }
}

/// Labels of one hospital and stage that no other one beats: the Pareto set.
pub(super) struct Front<'a> {
    /// All labels of the stages behind this one.
    labels: &'a [Label],
    shape: &'a Shape,
    pub(super) kept: Vec<Candidate>,
    /// A free vector for the next candidate.
    pub(super) spare: Vec<i64>,
    has_service: bool,
}

impl<'a> Front<'a> {
    pub(super) fn new(labels: &'a [Label], shape: &'a Shape, has_service: bool) -> Self {
        let spare = vec![NEVER; shape.stride()];
        Self { labels, shape, kept: Vec::new(), spare, has_service }
    }

    /// Keeps the candidate in `spare` unless one that is kept beats it, and drops what it beats.
    pub(super) fn offer(&mut self, label: Label) {
        let new = Rated { label: &label, coefficients: &self.spare };
        for candidate in &self.kept {
            if self.beats(candidate.rated(), new) {
                return;
            }
        }
        let mut kept = std::mem::take(&mut self.kept);
        let new = Rated { label: &label, coefficients: &self.spare };
        kept.retain(|candidate| !self.beats(new, candidate.rated()));

        // Most candidates are beaten: the spare vector is filled again for those, and only one that
        // stays costs a new one.
        let spare = vec![NEVER; self.shape.stride()];
        let coefficients = std::mem::replace(&mut self.spare, spare);
        kept.push(Candidate { label, coefficients });
        self.kept = kept;
    }

    /// Whether `a` is at least as good as `b` whenever the patient arrives, ties included.
    ///
    /// Two labels stay where each is better at some moment: which one counts is known at the door only.
    fn beats(&self, a: Rated<'_>, b: Rated<'_>) -> bool {
        if self.shape.is_lexicographic() {
            self.beats_row_by_row(a, b)
        } else {
            self.beats_in_all_rows(a, b)
        }
    }

    /// Whether the rank puts `a` first, or equal.
    fn is_ranked_first(&self, a: Rated<'_>, b: Rated<'_>) -> bool {
        rank(self.labels, a.label, b.label, self.has_service) != Ordering::Greater
    }

    fn beats_in_all_rows(&self, a: Rated<'_>, b: Rated<'_>) -> bool {
        if !at_most(a.coefficients, b.coefficients) {
            return false;
        }
        let variables = self.shape.variables();
        // They may be equal at some moment: then the rank decides, unless one row is always earlier.
        let rows_a = a.coefficients.chunks(variables);
        let rows_b = b.coefficients.chunks(variables);
        self.is_ranked_first(a, b) || rows_a.zip(rows_b).any(|(a, b)| always_less(a, b))
    }

    fn beats_row_by_row(&self, a: Rated<'_>, b: Rated<'_>) -> bool {
        let shape = self.shape;
        let variables = shape.variables();
        let depth_a = shape.first_depth(a.label.depth);
        let depth_b = shape.first_depth(b.label.depth);
        let mut order = depth_a.cmp(&depth_b).reverse();
        for row in 0..shape.rows {
            match order {
                Ordering::Less => return true,
                Ordering::Greater => return false,
                Ordering::Equal => {}
            }
            let columns = row * variables..(row + 1) * variables;
            let (row_a, row_b) = (&a.coefficients[columns.clone()], &b.coefficients[columns]);
            if always_less(row_a, row_b) {
                return true;
            }
            if !at_most(row_a, row_b) {
                return false;
            }
            // They may tie here: the next row decides, or in the end the rank. Deeper routes come
            // before the time of the last stage.
            order = Ordering::Equal;
            if row == 0 {
                order = a.label.depth.cmp(&b.label.depth).reverse();
            }
        }
        match order {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => self.is_ranked_first(a, b),
        }
    }
}

fn at_most(a: &[i64], b: &[i64]) -> bool {
    a.iter().zip(b).all(|(a, b)| a <= b)
}

/// Whether the greatest of `a` plus variables is below that of `b` for all values of the variables.
fn always_less(a: &[i64], b: &[i64]) -> bool {
    let mut depends = false;
    for (a, b) in a.iter().zip(b) {
        if *b != NEVER {
            depends = true;
            if a >= b {
                return false;
            }
        } else if *a != NEVER {
            return false;
        }
    }
    depends
}

/// Fewer transfers; then the smaller keys of the hospitals in the order of the stages; then of
/// ways, partners and cooperations; then of transfer agreements, none last.
pub(super) fn rank(labels: &[Label], a: &Label, b: &Label, has_service: bool) -> Ordering {
    let service = |label: &Label, is_first: bool| {
        // Before it is said who does the first stage, that cannot tell labels apart.
        if is_first && !has_service { (0, 0, 0) } else { label.service.rank() }
    };
    let agreement = |label: &Label, _| label.transfer.map_or(NONE, |transfer| transfer.agreement);
    let transfers = a.transfers.cmp(&b.transfers);
    transfers
        .then_with(|| stage_by_stage(labels, a, b, |label, _| label.hospital))
        .then_with(|| stage_by_stage(labels, a, b, service))
        .then_with(|| stage_by_stage(labels, a, b, agreement))
}

/// Compares two routes stage by stage, by a key of each label and whether it is the first one.
fn stage_by_stage<K: Ord>(
    labels: &[Label],
    a: &Label,
    b: &Label,
    key: impl Fn(&Label, bool) -> K,
) -> Ordering {
    let (mut a, mut b, mut is_first) = (a, b, true);
    loop {
        let order = key(a, is_first).cmp(&key(b, is_first));
        // From a common label on they are the same route.
        if order != Ordering::Equal || a.next == b.next {
            return order;
        }
        match (a.next, b.next) {
            (NONE, _) => return Ordering::Less,
            (_, NONE) => return Ordering::Greater,
            (left, right) => (a, b) = (&labels[left as usize], &labels[right as usize]),
        }
        is_first = false;
    }
}
