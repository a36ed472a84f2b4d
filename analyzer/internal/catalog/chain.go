package catalog

import "strings"

// Query builders have hundreds of methods that differ in their names only. A row for each is what lets the engine follow a
// transaction through the chain; the functions here write the rows, the names stand where they are used.

// chain returns the rows of methods that return their receiver, or a builder around it, and take no connection.
func chain(recv, names string) []Row {
	var rows []Row
	for name := range strings.FieldsSeq(names) {
		rows = append(rows, Row{Recv: recv, Func: name, Alias: true})
	}
	return rows
}

// briefly returns the rows of methods that run a statement on whatever is behind their receiver and leave nothing open.
func briefly(recv string, resource Resource, names string) []Row {
	var rows []Row
	for name := range strings.FieldsSeq(names) {
		rows = append(rows, Row{Recv: recv, Func: name, Resource: resource, Holds: SlotIfPool, Transient: true, Blocks: true})
	}
	return rows
}
