//! What an analysis is set up on: borrowed from somebody, or kept.

use std::ops::Deref;
use std::sync::Arc;

/// A thing that is read: borrowed while its owner lives, or shared and so kept alive.
///
/// Most programs set an analysis up, ask and drop it, so that borrowing costs nothing. A program that
/// answers many questions over hours keeps what it set up, and cannot also keep what that borrows from.
#[derive(Debug)]
pub(crate) enum Held<'h, T: ?Sized> {
    Borrowed(&'h T),
    Kept(Arc<T>),
}

impl<T: ?Sized> Clone for Held<'_, T> {
    fn clone(&self) -> Self {
        match self {
            Self::Borrowed(thing) => Self::Borrowed(thing),
            Self::Kept(thing) => Self::Kept(Arc::clone(thing)),
        }
    }
}

impl<T: ?Sized> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match self {
            Self::Borrowed(thing) => thing,
            Self::Kept(thing) => thing,
        }
    }
}

impl<T: Clone> Held<'_, T> {
    /// The thing to keep: a copy of what is borrowed.
    pub(crate) fn shared(&self) -> Arc<T> {
        match self {
            // Once: whoever keeps it from here on shares the copy.
            Self::Borrowed(thing) => Arc::new((*thing).clone()),
            Self::Kept(thing) => Arc::clone(thing),
        }
    }
}

impl<T: Clone> Held<'_, [T]> {
    /// The list to keep: a copy of what is borrowed.
    pub(crate) fn shared_list(&self) -> Arc<[T]> {
        match self {
            Self::Borrowed(list) => Arc::from(*list),
            Self::Kept(list) => Arc::clone(list),
        }
    }
}
