#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Copyright the Waterspout authors
#
# Makes all files of this folder anew; see README.md. Needs openssl 3 and a JDK's keytool.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
password=secret
valid_from=20240101000000Z
valid_until=21240101000000Z

cat >"$work/ca.cnf" <<CNF
[ca]
default_ca = it
[it]
database = $work/index
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = CA:false
keyUsage = digitalSignature
extendedKeyUsage = serverAuth, clientAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
CNF
touch "$work/index"
echo 1000 >"$work/serial"

new_key() { # name [algorithm options]
  openssl genpkey -quiet -out "$work/$1-key.pem" \
    -algorithm "${2:-EC}" -pkeyopt "${3:-ec_paramgen_curve:P-256}"
}

request() { # name common-name [alternative names]
  openssl req -new -batch -key "$work/$1-key.pem" -subj "/CN=$2" -out "$work/$1.csr" \
    ${3:+-addext "subjectAltName=$3"}
}

sign() { # name extensions from until further-options
  openssl ca -config "$work/ca.cnf" -batch -notext -in "$work/$1.csr" -out "$work/$1.pem" \
    -extensions "$2" -startdate "$3" -enddate "$4" "${@:5}" 2>"$work/log" || { cat "$work/log"; exit 1; }
}

leaf() { # name common-name alternative-names [from until]; the key exists
  request "$1" "$2" "$3"
  sign "$1" leaf "${4:-$valid_from}" "${5:-$valid_until}" \
    -cert "$work/between.pem" -keyfile "$work/between-key.pem"
  cat "$work/$1.pem" "$work/between.pem" >"$1.pem"
  cp "$work/$1-key.pem" "$1-key.pem"
}

pkcs12() { # file alias; its key and chain lie here
  openssl pkcs12 -export -name "$2" -inkey "$2-key.pem" -in "$2.pem" \
    -out "$1.p12" -passout "pass:$password"
}

new_key ca
request ca "Waterspout test authority"
sign ca authority "$valid_from" "$valid_until" -selfsign -keyfile "$work/ca-key.pem"
cp "$work/ca.pem" ca.pem

new_key stranger
request stranger "Another authority"
sign stranger authority "$valid_from" "$valid_until" -selfsign -keyfile "$work/stranger-key.pem"
cp "$work/stranger.pem" stranger.pem

new_key between
request between "Waterspout test intermediate"
sign between authority "$valid_from" "$valid_until" -cert "$work/ca.pem" -keyfile "$work/ca-key.pem"

for name in server other expired client; do new_key "$name"; done
new_key rsa RSA rsa_keygen_bits:2048
leaf server localhost "DNS:localhost,IP:127.0.0.1,IP:::1"
leaf other other.example "DNS:other.example,DNS:*.wild.example"
leaf expired localhost "DNS:localhost,IP:127.0.0.1" 20010101000000Z 20020101000000Z
leaf client "Waterspout test client" "email:client@example.org"
leaf rsa rsa.example "DNS:rsa.example,DNS:localhost,IP:127.0.0.1"

# the other forms of the same keys
openssl pkcs8 -topk8 -in server-key.pem -out server-key-encrypted.pem -passout "pass:$password"
openssl pkcs8 -topk8 -scrypt -in server-key.pem -out server-key-scrypt.pem \
  -passout "pass:$password"
openssl ec -in server-key.pem -out server-key-sec1.pem 2>"$work/log"
openssl rsa -traditional -in rsa-key.pem -out rsa-key-pkcs1.pem 2>"$work/log"
openssl rsa -traditional -aes128 -in rsa-key.pem -out rsa-key-pkcs1-encrypted.pem \
  -passout "pass:$password" 2>"$work/log"

for name in server other client; do pkcs12 "$name" "$name"; done
openssl pkcs12 -export -nocerts -name server -inkey server-key.pem -out key-only.p12 \
  -passout "pass:$password" 2>"$work/log"
cp server.p12 both.p12
keytool -importkeystore -noprompt -srckeystore other.p12 -srcstorepass "$password" \
  -destkeystore both.p12 -deststorepass "$password" 2>"$work/log"
rm other.p12
rm -f trust.p12
keytool -importcert -noprompt -alias ca -file ca.pem -storetype PKCS12 \
  -keystore trust.p12 -storepass "$password" 2>"$work/log"
