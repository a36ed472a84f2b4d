// Package badignore reports comments that are to silence poolvet and do not.
//
// # What it reports
//
// A comment //poolvet:ignore that names no rule, or one that there is not; one without a reason, as it does not count; one with a
// blank before poolvet, which makes it an ordinary comment; and one on whose lines the rule has nothing to say.
//
// # Why
//
// A comment that silences nothing will silence the next mistake that is made on its line. And the reason is all that the next
// reader has.
//
// # Example
//
//	//poolvet:ignore lostrelease
//	rows, err := s.pool.Query(ctx, "select 1") // poolvet:ignore has no reason and does not count
//
// Say why, or remove it:
//
//	//poolvet:ignore lostrelease the caller's session closes it, see End
//	rows, err := s.pool.Query(ctx, "select 1")
//
// # When it is silent
//
// The analyzer says nothing of a rule that is switched off, of test files unless the option tests is set, of generated files, and
// of packages that reach no database. It looks at no //nolint comment: nolintlint of golangci-lint does that. A comment cannot
// silence it.
//
// # Options
//
// rules: {badignore: false} turns it off. What a comment is needed for may depend on other settings, such as strict: run it with those of
// your CI.
//
// # Fix
//
// There is none that could be applied: a comment without a use may be one for another setting.
package badignore
