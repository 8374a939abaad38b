/**
 * For tests only: a self-signed certificate for localhost (valid 2020–2120) with its key. It protects nothing and is trusted by nobody
 * who does not pass it as `ca`.
 */
export const localhostKey = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg/BEwV+bldqXEZwF0
mcvEHt30cutYzPrsTGdJ9RMxA3ihRANCAATenXvWKkljxl79bC5e5KpIECXMmG4Z
tKCSDiKaHbc1q5pMkQBnihlyvkBXXzPQ7mDe9IM2a4vZw+9b9KTvvsd0
-----END PRIVATE KEY-----
`;

export const localhostCertificate = `-----BEGIN CERTIFICATE-----
MIIBRjCB7qADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCWxvY2FsaG9z
dDAgFw0yMDAxMDEwMDAwMDBaGA8yMTIwMDEwMTAwMDAwMFowFDESMBAGA1UEAwwJ
bG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE3p171ipJY8Ze/Wwu
XuSqSBAlzJhuGbSgkg4imh23NauaTJEAZ4oZcr5AV18z0O5g3vSDNmuL2cPvW/Sk
777HdKMvMC0wDwYDVR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SH
BH8AAAEwCgYIKoZIzj0EAwIDRwAwRAIgYiOyFsyuPIDUNEsZQBBFDS4Ehdv1Mva2
WIfq8EKqRBoCIFNOfAc5kEvBAL6xyMYAeqZmKTcPwUOGTfhJlAouP+2a
-----END CERTIFICATE-----
`;
