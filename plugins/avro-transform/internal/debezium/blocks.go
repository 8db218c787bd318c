package debezium

// The records that are the same in every envelope.

const (
	sourceNamespace = "io.debezium.connector.mysql"
	// snapshotAllowed are the values of the source's snapshot field.
	snapshotAllowed = "true,first,first_in_data_collection,last_in_data_collection,last,false,incremental"
)

// source is where a change comes from.
func source(p *printer) {
	p.record("Source", sourceNamespace, func() {
		p.plain(p.named("string"), "version", "connector", "name")
		p.plain(p.named("long"), "ts_ms")
		snapshot.print(p)
		p.plain(p.named("string"), "db")
		p.nullable(p.named("string"), "sequence")
		p.nullable(p.named("long"), "ts_us", "ts_ns")
		p.nullable(p.named("string"), "table")
		p.plain(p.named("long"), "server_id")
		p.nullable(p.named("string"), "gtid")
		p.plain(p.named("string"), "file")
		p.plain(p.named("long"), "pos")
		p.plain(p.named("int"), "row")
		p.nullable(p.named("long"), "thread")
		p.nullable(p.named("string"), "query")
	}, func() {
		p.number("connect.version", 1)
		p.property("connect.name", sourceNamespace+".Source")
	})
}

// snapshot has a default, so its union begins with the value.
var snapshot = column{
	field:       "snapshot",
	typ:         connectType{avro: "string", name: "io.debezium.data.Enum", parameters: []parameter{{"allowed", snapshotAllowed}}},
	nullable:    true,
	defaultJSON: []byte(`"false"`),
}

// transaction is filled where Debezium's transaction metadata are on; the schema
// has it in any case.
func transaction(p *printer) {
	p.record("block", "event", func() {
		p.plain(p.named("string"), "id")
		p.plain(p.named("long"), "total_order", "data_collection_order")
	}, func() {
		p.number("connect.version", 1)
		p.property("connect.name", "event.block")
	})
}

// shape prints one of the records that stand for geometries.
func shape(p *printer, name, doc string, fields func()) {
	const namespace = "io.debezium.data.geometry"
	p.record(name, namespace, fields, func() {
		p.property("connect.doc", doc)
		p.number("connect.version", 1)
		p.property("connect.name", namespace+"."+name)
	})
}

func geometry(p *printer) {
	shape(p, "Geometry", "Geometry", func() {
		p.plain(p.named("bytes"), "wkb")
		p.nullable(p.named("int"), "srid")
	})
}

func point(p *printer) {
	shape(p, "Point", "Geometry (POINT)", func() {
		p.plain(p.named("double"), "x", "y")
		p.nullable(p.named("bytes"), "wkb")
		p.nullable(p.named("int"), "srid")
	})
}
