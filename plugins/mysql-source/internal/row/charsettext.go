package row

import "github.com/leat-io/leat/plugins/mysql-source/internal/table"

// CharsetText reads bytes of a character set as rows are read: what is no
// character in it becomes U+FFFD. It fails for a set that is not known.
func CharsetText(charset string, raw []byte) (string, error) {
	if table.CharsetName(charset) == "binary" {
		return string(appendValid(nil, raw)), nil
	}
	decode, _, err := charsetDecoder(charset)
	if err != nil {
		return "", err
	}
	if decode == nil {
		decode = appendValid
	}
	return string(decode(nil, raw)), nil
}
