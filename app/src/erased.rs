//! Views, paths and effects of one type each. What leptos makes for every type of them, it then makes once.

use leptos::prelude::Effect;

/// `Effect::new` for what needs no value of its last run.
pub fn effect(run: impl FnMut() + 'static) {
    let mut run: Box<dyn FnMut()> = Box::new(run);
    Effect::new(move |_| run());
}

/// `leptos::view!`, answering an [`AnyView`](leptos::prelude::AnyView) everywhere. Routes, which are no views, are written in
/// `leptos::view!` itself.
macro_rules! view {
    ($($tokens:tt)*) => {
        leptos::prelude::IntoAny::into_any(leptos::prelude::View::into_inner(leptos::view! { $($tokens)* }))
    };
}

/// `leptos_router::path!`, likewise.
macro_rules! address {
    ($path:tt) => {
        std::sync::Arc::new(leptos_router::path!($path))
            as std::sync::Arc<dyn leptos_router::PossibleRouteMatch + Send + Sync>
    };
}

pub(crate) use {address, view};
