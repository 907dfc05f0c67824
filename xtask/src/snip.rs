//! Empties functions that the console never calls in a browser. Release builds only.
//!
//! Every type of view brings along how it is hydrated when its code arrives late (`hydrate_lazy`). It stands in a table
//! of functions, where no compiler can see that nobody asks for it: a page is hydrated at once (`hydrate_body` in
//! `frontend`). That is a fifteenth of the wasm.

use anyhow::{Context, Result, ensure};
use std::{collections::HashSet, path::Path};
use walrus::{
    FunctionBuilder, FunctionId, FunctionKind, Module, ModuleConfig,
    ir::{Call, Visitor, dfs_in_order},
};

/// The part of leptos' names that tells them: `<T as IntoAny>::into_any::hydrate_async` and its closures.
const NEVER_CALLED: &str = "into_any13hydrate_async";

/// The module without them, and without names. Should one be called after all, it stops the page at once instead of
/// doing something else.
pub fn without_never_called(module: &Path) -> Result<Module> {
    let mut module = ModuleConfig::new()
        // A fifth of the module; the panic hook does without.
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse_file(module)
        .with_context(|| format!("reading {}", module.display()))?;
    empty_all(&mut module, NEVER_CALLED)?;
    Ok(module)
}

fn empty_all(module: &mut Module, name: &str) -> Result<()> {
    let named: HashSet<_> = module
        .funcs
        .iter()
        .filter(|function| function.name.as_deref().is_some_and(|full| full.contains(name)))
        .map(walrus::Function::id)
        .collect();
    ensure!(
        !named.is_empty(),
        "no function of the wasm is called `{name}`: leptos has changed, look at xtask/src/snip.rs again"
    );
    refuse_other_callers(module, &named)?;
    for function in named {
        empty(module, function);
    }
    Ok(())
}

/// The compiler makes one function of two that do the same, and keeps either name.
fn refuse_other_callers(module: &Module, named: &HashSet<FunctionId>) -> Result<()> {
    for (caller, body) in module.funcs.iter_local() {
        if named.contains(&caller) {
            continue;
        }
        let mut calls = CallsOf { named, found: None };
        dfs_in_order(&mut calls, body, body.entry_block());
        if let Some(called) = calls.found {
            let name_of = |function| module.funcs.get(function).name.as_deref().unwrap_or("?");
            let (caller, called) = (name_of(caller), name_of(called));
            anyhow::bail!(
                "`{called}` is called by `{caller}`, so it cannot be emptied: look at xtask/src/snip.rs again"
            );
        }
    }
    Ok(())
}

struct CallsOf<'a> {
    named: &'a HashSet<FunctionId>,
    found: Option<FunctionId>,
}

impl Visitor<'_> for CallsOf<'_> {
    fn visit_call(&mut self, call: &Call) {
        if self.named.contains(&call.func) {
            self.found = Some(call.func);
        }
    }
}

fn empty(module: &mut Module, function: FunctionId) {
    let kind = module.types.get(module.funcs.get(function).ty());
    let (takes, gives) = (kind.params().to_vec(), kind.results().to_vec());
    let mut builder = FunctionBuilder::new(&mut module.types, &takes, &gives);
    builder.func_body().unreachable();
    let arguments = takes.iter().map(|kind| module.locals.add(*kind)).collect();
    module.funcs.get_mut(function).kind = FunctionKind::Local(builder.local_func(arguments));
}

#[cfg(test)]
mod tests {
    use super::*;
    use walrus::ValType;

    const ASYNC: &str = "_ZN6tachys8into_any13hydrate_async17h0E";

    /// A module with one function of that name, which answers what it is given.
    fn module_with(name: &str) -> (Module, FunctionId) {
        let mut module = Module::with_config(ModuleConfig::new());
        let function = add(&mut module, name, None);
        module.exports.add("asked", function);
        (module, function)
    }

    fn add(module: &mut Module, name: &str, calls: Option<FunctionId>) -> FunctionId {
        let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[ValType::I32]);
        let argument = module.locals.add(ValType::I32);
        builder.name(name.to_owned()).func_body().local_get(argument);
        if let Some(called) = calls {
            builder.func_body().call(called);
        }
        builder.finish(vec![argument], &mut module.funcs)
    }

    fn instructions(module: &Module) -> Vec<String> {
        let (_, function) = module.funcs.iter_local().next().unwrap();
        let body = function.block(function.entry_block());
        body.instrs
            .iter()
            .map(|(instruction, _)| format!("{instruction:?}"))
            .collect()
    }

    #[test]
    fn a_function_of_that_name_is_emptied_and_keeps_its_type() {
        let (mut module, _) = module_with(ASYNC);
        empty_all(&mut module, NEVER_CALLED).unwrap();
        assert!(instructions(&module)[0].starts_with("Unreachable"));
        let again = Module::from_buffer(&module.emit_wasm()).unwrap();
        assert!(instructions(&again)[0].starts_with("Unreachable"));
    }

    #[test]
    fn a_name_that_no_function_has_fails_the_build() {
        let (mut module, _) = module_with("_ZN6tachys8into_any7hydrate17h0E");
        let fault = empty_all(&mut module, NEVER_CALLED).unwrap_err().to_string();
        assert!(fault.contains("no function of the wasm is called"), "{fault}");
        assert!(instructions(&module)[0].starts_with("LocalGet"));
    }

    #[test]
    fn a_function_that_another_one_calls_fails_the_build() {
        let (mut module, shared) = module_with(ASYNC);
        add(&mut module, "_ZN6tachys8into_any7hydrate17h0E", Some(shared));
        let fault = empty_all(&mut module, NEVER_CALLED).unwrap_err().to_string();
        assert!(fault.contains("is called by"), "{fault}");
    }
}
