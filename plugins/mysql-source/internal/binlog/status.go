package binlog

// Codes of status variables. Those from 128 on are MariaDB's.
const (
	statusFlags2                 = 0
	statusSQLMode                = 1
	statusCatalog                = 2
	statusAutoIncrement          = 3
	statusCharset                = 4
	statusTimeZone               = 5
	statusCatalogNZ              = 6
	statusTimeNames              = 7
	statusCharsetDatabase        = 8
	statusTableMapForUpdate      = 9
	statusMasterDataWritten      = 10
	statusInvoker                = 11
	statusUpdatedDBs             = 12
	statusMicroseconds           = 13
	statusExplicitTimestamp      = 16
	statusDDLXid                 = 17
	statusUTF8MB4                = 18
	statusRequirePrimaryKey      = 19
	statusTableEncryption        = 20
	statusHighResolution         = 128
	statusXid                    = 129
	statusGTIDFlags              = 130
	statusCharsetCollations      = 131
	maxUpdatedDBs           byte = 254
)

// statusSizes has those of one size that are passed over.
var statusSizes = map[byte]uint64{
	statusAutoIncrement: 4, statusTimeNames: 2, statusCharsetDatabase: 2, statusTableMapForUpdate: 8,
	statusMasterDataWritten: 4, statusMicroseconds: 3, statusDDLXid: 8, statusRequirePrimaryKey: 1,
	statusTableEncryption: 1, statusHighResolution: 3, statusXid: 8,
}

// skipStatus passes over a variable; false if its size is not known.
func skipStatus(c *cursor, code byte) bool {
	switch code {
	case statusCatalog:
		c.take(c.uint(1) + 1)
	case statusCatalogNZ:
		c.take(c.uint(1))
	case statusInvoker:
		c.take(c.uint(1))
		c.take(c.uint(1))
	case statusCharsetCollations:
		c.take(4 * c.uint(1))
	case statusUpdatedDBs:
		n := byte(c.uint(1))
		for ; n > 0 && n != maxUpdatedDBs && !c.bad; n-- {
			for c.uint(1) != 0 {
			}
		}
	default:
		size, known := statusSizes[code]
		c.take(size)
		return known
	}
	return true
}
