//! When one label beats another whatever the time, and which comes first where they tie.

use std::cmp::Ordering;

use super::label::{Label, NEVER, NONE, Shape};

/// Labels of one hospital and stage that no other one beats.
pub(super) struct Front<'a> {
    /// All labels of the stages behind this one.
    labels: &'a [Label],
    shape: &'a Shape,
    pub(super) kept: Vec<(Label, Vec<i64>)>,
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
        for (own, coefficients) in &self.kept {
            if self.beats((own, coefficients), (&label, &self.spare)) {
                return;
            }
        }
        let kept = std::mem::take(&mut self.kept);
        let stays = |(own, coefficients): &(Label, Vec<i64>)| {
            !self.beats((&label, &self.spare), (own, coefficients))
        };
        let mut kept: Vec<_> = kept.into_iter().filter(stays).collect();
        let stride = self.shape.stride();
        kept.push((label, std::mem::replace(&mut self.spare, vec![NEVER; stride])));
        self.kept = kept;
    }

    /// Whether `a` is at least as good as `b` whenever the patient arrives, ties included.
    fn beats(&self, a: (&Label, &[i64]), b: (&Label, &[i64])) -> bool {
        let shape = self.shape;
        let rank = || rank(self.labels, (a.0, b.0), self.has_service) != Ordering::Greater;
        let depths = |label: &Label| (shape.first_depth(label.depth), label.depth);
        if !shape.is_lexicographic() {
            let mut rows = a.1.chunks(shape.variables()).zip(b.1.chunks(shape.variables()));
            return at_most(a.1, b.1) && (rank() || rows.any(|(a, b)| always_less(a, b)));
        }
        let variables = shape.variables();
        let mut first = depths(a.0).0.cmp(&depths(b.0).0).reverse();
        for row in 0..shape.rows {
            match first {
                Ordering::Less => return true,
                Ordering::Greater => return false,
                Ordering::Equal => {}
            }
            let span = row * variables..(row + 1) * variables;
            let (left, right) = (&a.1[span.clone()], &b.1[span]);
            if always_less(left, right) {
                return true;
            }
            if !at_most(left, right) {
                return false;
            }
            // They may tie here: the next row decides, or in the end the rank. Deeper routes come
            // before the time of the last stage.
            first = if row == 0 { a.0.depth.cmp(&b.0.depth).reverse() } else { Ordering::Equal };
        }
        match first {
            Ordering::Less => true,
            Ordering::Greater => false,
            Ordering::Equal => rank(),
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
pub(super) fn rank(labels: &[Label], (a, b): (&Label, &Label), has_service: bool) -> Ordering {
    let transfers = a.transfers.cmp(&b.transfers);
    transfers
        .then_with(|| walk(labels, (a, b), |label, _| label.hospital))
        .then_with(|| {
            let service = |label: &Label, first: bool| {
                if first && !has_service { (0, 0, 0) } else { label.service.rank() }
            };
            walk(labels, (a, b), service)
        })
        .then_with(|| {
            walk(labels, (a, b), |label, _| {
                label.transfer.map_or(NONE, |handing| handing.agreement)
            })
        })
}

/// Compares two routes stage by stage.
fn walk<K: Ord>(
    labels: &[Label],
    (a, b): (&Label, &Label),
    key: impl Fn(&Label, bool) -> K,
) -> Ordering {
    let (mut a, mut b, mut first) = (a, b, true);
    loop {
        let order = key(a, first).cmp(&key(b, first));
        if order != Ordering::Equal || a.next == b.next {
            return order;
        }
        match (a.next, b.next) {
            (NONE, _) => return Ordering::Less,
            (_, NONE) => return Ordering::Greater,
            (left, right) => (a, b) = (&labels[left as usize], &labels[right as usize]),
        }
        first = false;
    }
}
